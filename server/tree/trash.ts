import { sql } from 'kysely';
import type { Operation } from '../../shared/api/nodes.ts';
import type { NodeRow } from '../db/schema.ts';
import { refuse } from '../refusal.ts';
import { nodesById } from './neighbours.ts';
import { baseChanged, unknownNode } from './node.ts';
import type { Change } from './operations.ts';
import { updateNode } from './rows.ts';
import { recordChanges, recordInside, takeSeqs } from './sequence.ts';

/** Takes a node out of the tree, a folder with all that is in it; every node of it comes by the feed. */
export async function trash(change: Change, wanted: Extract<Operation, { type: 'trash' }>): Promise<NodeRow> {
  const { trx, userId, now } = change;
  const row = (await nodesById(trx, userId, [wanted.id])).get(wanted.id);
  if (!row) throw unknownNode();
  if (row.state !== 'live') return row;
  if (row.place_rev !== wanted.placeRev) throw baseChanged(`"${row.name}"`);
  if (row.kind === 'file' && row.content_rev !== wanted.contentRev) throw baseChanged(`"${row.name}"`);

  const confirmed = wanted.confirmed ? 1 : 0;
  const inside = row.kind === 'folder' ? await lookInside(change, row) : { count: 0, newest: 0 };
  if (inside.newest > wanted.seenSeq) {
    throw refuse('changed-inside', `Something inside "${row.name}" has changed since. Look again before deleting it.`);
  }
  const seq = await takeSeqs(trx, userId, inside.count + 1);
  // Children first: once the folder itself is trashed, nothing live may be left inside.
  if (inside.count > 0) {
    await recordInside(trx, userId, seq + 1, insideOf(change, row));
    await sql`update nodes set
        state = 'trashed', seq = c.seq, place_rev = c.seq,
        confirmed = ${confirmed}, trashed_with = ${row.id}, trashed_at = ${now}
      from changes c
      where c.user_id = ${userId} and c.seq between ${seq + 1} and ${seq + inside.count}
        and nodes.user_id = ${userId} and nodes.id = c.node_id`.execute(trx);
  }
  const trashed: NodeRow = {
    ...row,
    state: 'trashed',
    seq,
    place_rev: seq,
    confirmed,
    trashed_with: row.id,
    trashed_at: now,
  };
  await updateNode(trx, trashed);
  await recordChanges(trx, userId, seq, [row.id]);
  return trashed;
}

/** Live descendants. The empty text makes SQLite compare as the index on names does; without it it walks all nodes. */
const insideOf = ({ userId }: Change, folder: NodeRow) => sql`
  with recursive inside (id, seq) as (
    select id, seq from nodes where user_id = ${userId} and coalesce(parent_id, '') = ${folder.id} and state = 'live'
    union all
    select n.id, n.seq from inside i
    cross join nodes n where n.user_id = ${userId} and coalesce(n.parent_id, '') = i.id || '' and n.state = 'live'
  )`;

/** How many there are, and the seq of the one changed last. */
async function lookInside(change: Change, folder: NodeRow): Promise<{ count: number; newest: number }> {
  const { rows } = await sql<{ count: number; newest: number }>`${insideOf(change, folder)}
    select count(*) as count, coalesce(max(seq), 0) as newest from inside`.execute(change.trx);
  return rows[0] ?? { count: 0, newest: 0 };
}
