import { sql } from 'kysely';
import type { NodeId, UserId } from '../../shared/ids.ts';
import { withSuffix } from '../../shared/names.ts';
import type { NodeRow } from '../db/schema.ts';
import { quotaExceeded, roomOf, take } from '../quota/room.ts';
import { holders, nodesById } from './neighbours.ts';
import { named, unknownNode } from './node.ts';
import type { Change } from './operations.ts';
import { updateNode } from './rows.ts';
import { recordChanges, recordInside, takeSeqs } from './sequence.ts';

/**
 * Brings a trashed node back with everything that was trashed with it, and the folders it lay in where those are gone.
 * A name taken meanwhile gets ` (restored)`. Returns the node, then the folders revived for it.
 */
export async function restore(change: Change, id: NodeId): Promise<NodeRow[]> {
  const { trx, userId } = change;
  const row = (await nodesById(trx, userId, [id])).get(id);
  if (!row || row.state === 'purged') throw unknownNode();
  if (row.state === 'live') return [row];

  const inside = await lookInside(change, row);
  const room = await roomOf(trx, userId);
  const bytes = row.size + inside.size;
  if (!take(room, bytes)) throw quotaExceeded(room, bytes);

  const parents = await reviveParents(change, row);
  const revived = await revive(change, row);
  if (inside.count > 0) await reviveInside(change, row, inside.count);
  return [revived, ...parents];
}

/** Trashed ancestors, from the top down, so that each is revived into a live folder. */
async function reviveParents(change: Change, row: NodeRow): Promise<NodeRow[]> {
  const missing: NodeRow[] = [];
  let parentId = row.parent_id;
  while (parentId !== null) {
    const parent = (await nodesById(change.trx, change.userId, [parentId])).get(parentId);
    if (!parent || parent.state === 'live') break;
    missing.unshift(parent);
    parentId = parent.parent_id;
  }
  const revived: NodeRow[] = [];
  for (const parent of missing) revived.push(await revive(change, parent));
  return revived;
}

async function revive(change: Change, row: NodeRow): Promise<NodeRow> {
  const { trx, userId } = change;
  const name = await freeName(change, row);
  const seq = await takeSeqs(trx, userId, 1);
  const live: NodeRow = {
    ...row,
    ...named(row.kind, name),
    state: 'live',
    place_rev: seq,
    seq,
    confirmed: 0,
    trashed_with: null,
    trashed_at: null,
  };
  await updateNode(trx, live);
  await recordChanges(trx, userId, seq, [row.id]);
  return live;
}

async function freeName({ trx, userId }: Change, row: NodeRow): Promise<string> {
  let name = row.name;
  for (let n = 1; (await holders(trx, userId, [{ parentId: row.parent_id, name }])).size > 0; n += 1) {
    name = withSuffix(row.name, n === 1 ? ' (restored)' : ` (restored ${n})`);
  }
  return name;
}

/** Descendants that went into the trash by the same operation; what was trashed before it stays there. */
export const trashedWith = (userId: UserId, top: NodeRow) => sql`
  with recursive grouped (id, parent_id, size) as materialized (
    select id, parent_id, size from nodes
    where user_id = ${userId} and state = 'trashed' and trashed_with = ${top.trashed_with}
  ),
  inside (id, size) as (
    select id, size from grouped where parent_id = ${top.id}
    union all
    select g.id, g.size from inside i join grouped g on g.parent_id = i.id
  )`;

async function lookInside(change: Change, top: NodeRow): Promise<{ count: number; size: number }> {
  if (top.kind === 'file') return { count: 0, size: 0 };
  const { rows } = await sql<{ count: number; size: number }>`${trashedWith(change.userId, top)}
    select count(*) as count, coalesce(sum(size), 0) as size from inside`.execute(change.trx);
  return rows[0] ?? { count: 0, size: 0 };
}

async function reviveInside(change: Change, top: NodeRow, count: number): Promise<void> {
  const { trx, userId } = change;
  const first = await takeSeqs(trx, userId, count);
  await recordInside(trx, userId, first, trashedWith(userId, top));
  await sql`update nodes set
      state = 'live', seq = c.seq, place_rev = c.seq,
      confirmed = 0, trashed_with = null, trashed_at = null
    from changes c
    where c.user_id = ${userId} and c.seq between ${first} and ${first + count - 1}
      and nodes.user_id = ${userId} and nodes.id = c.node_id`.execute(trx);
}
