import type { Operation } from '../../shared/api/nodes.ts';
import { insertRows } from '../db/insertRows.ts';
import type { NodeRow } from '../db/schema.ts';
import { saidOf } from './library.ts';
import { holders, liveFolders, nodesById } from './neighbours.ts';
import { acceptedName, baseChanged, NODE_COLUMNS, named, nameTaken, parentMissing } from './node.ts';
import type { Change } from './operations.ts';
import { updateNode } from './rows.ts';
import { recordChanges, takeSeqs } from './sequence.ts';

/** A folder that lives already is the answer to a repeated request; a trashed one comes back, alone, at this place. */
export async function createFolder(
  change: Change,
  wanted: Extract<Operation, { type: 'createFolder' }>,
): Promise<NodeRow> {
  const { trx, userId } = change;
  const existing = (await nodesById(trx, userId, [wanted.id])).get(wanted.id);
  if (existing && existing.state !== 'purged' && existing.kind === 'file') throw baseChanged(`"${existing.name}"`);
  if (existing?.state === 'live') return existing;

  const name = acceptedName(wanted.name);
  const place = { parentId: wanted.parentId, name };
  if (wanted.parentId !== null && !(await liveFolders(trx, userId, [wanted.parentId])).has(wanted.parentId)) {
    throw parentMissing();
  }
  if ((await holders(trx, userId, [place])).size > 0) throw nameTaken(name);

  const seq = await takeSeqs(trx, userId, 1);
  const reborn = existing?.state === 'trashed';
  const row: NodeRow = {
    user_id: userId,
    id: wanted.id,
    parent_id: wanted.parentId,
    ...named('folder', name),
    kind: 'folder',
    state: 'live',
    content_id: null,
    size: 0,
    mtime_ms: wanted.mtimeMs,
    executable: 0,
    content_rev: reborn ? existing.content_rev : seq,
    place_rev: seq,
    meta_rev: reborn && existing.mtime_ms === wanted.mtimeMs ? existing.meta_rev : seq,
    seq,
    confirmed: 0,
    trashed_with: null,
    trashed_at: null,
    content_at: existing?.content_at ?? change.now,
    ...saidOf(existing),
  };
  if (existing) await updateNode(trx, row);
  else await insertRows(trx, 'nodes', NODE_COLUMNS, [row]);
  await recordChanges(trx, userId, seq, [row.id]);
  return row;
}
