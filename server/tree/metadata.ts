import type { Operation } from '../../shared/api/nodes.ts';
import type { NodeRow } from '../db/schema.ts';
import { nodesById } from './neighbours.ts';
import { unknownNode } from './node.ts';
import type { Change } from './operations.ts';
import { updateNode } from './rows.ts';
import { recordChanges, takeSeqs } from './sequence.ts';

/** Last writer wins; writing what is there already changes nothing. */
export async function setMetadata(
  { trx, userId }: Change,
  wanted: Extract<Operation, { type: 'setMetadata' }>,
): Promise<NodeRow> {
  const row = (await nodesById(trx, userId, [wanted.id])).get(wanted.id);
  if (!row || row.state === 'purged') throw unknownNode();
  const mtime_ms = wanted.mtimeMs ?? row.mtime_ms;
  const executable = wanted.executable === null ? row.executable : Number(wanted.executable);
  if (row.mtime_ms === mtime_ms && row.executable === executable) return row;
  const seq = await takeSeqs(trx, userId, 1);
  const changed: NodeRow = { ...row, mtime_ms, executable, meta_rev: seq, seq };
  await updateNode(trx, changed);
  await recordChanges(trx, userId, seq, [row.id]);
  return changed;
}
