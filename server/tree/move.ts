import { sql } from 'kysely';
import type { Operation } from '../../shared/api/nodes.ts';
import type { NodeId } from '../../shared/ids.ts';
import { padded } from '../db/lists.ts';
import type { NodeRow } from '../db/schema.ts';
import { refuse } from '../refusal.ts';
import { holders, liveFolders, nodesById, slotOf } from './neighbours.ts';
import { acceptedName, baseChanged, named, nameTaken, parentMissing, unknownNode } from './node.ts';
import type { Change } from './operations.ts';
import { updateNode } from './rows.ts';
import { recordChanges, takeSeqs } from './sequence.ts';

type Move = Extract<Operation, { type: 'move' }>['moves'][number];

/**
 * Moves and renames, all or none. Only the final tree must be sound, so swaps and inverted hierarchies are fine. A node
 * that is already where it is wanted stays untouched, whatever its placeRev: that is a repeated request.
 */
export async function move(change: Change, moves: readonly Move[]): Promise<NodeRow[]> {
  const { trx, userId } = change;
  const wanted = new Map(moves.map((each) => [each.id, { ...each, name: acceptedName(each.name) }]));
  const rows = await nodesById(trx, userId, [...wanted.keys()]);

  const moving: NodeRow[] = [];
  for (const target of wanted.values()) {
    const row = rows.get(target.id);
    if (!row || row.state === 'purged') throw unknownNode();
    const there = row.state === 'live' && row.parent_id === target.parentId && row.name === target.name;
    if (there) continue;
    if (row.state !== 'live' || row.place_rev !== target.placeRev) throw baseChanged(`"${row.name}"`);
    moving.push({ ...row, parent_id: target.parentId, ...named(row.kind, target.name) });
  }
  if (moving.length > 0) {
    await checkPlaces(change, moving, rows);
    await write(change, moving);
    await checkLoops(change, moving);
  }
  const moved = new Map(moving.map((row) => [row.id, row]));
  return [...wanted.keys()].flatMap((id) => moved.get(id) ?? rows.get(id) ?? []);
}

async function checkPlaces({ trx, userId }: Change, moving: readonly NodeRow[], before: Map<NodeId, NodeRow>) {
  const parents = moving.flatMap((row) => (row.parent_id === null ? [] : [row.parent_id]));
  const folders = await liveFolders(trx, userId, parents);
  if (parents.some((parent) => !folders.has(parent))) throw parentMissing();

  const ids = new Set(moving.map((row) => row.id));
  const places = moving.map((row) => ({ parentId: row.parent_id, name: row.name }));
  const taken = await holders(trx, userId, places);
  for (const [slot, holder] of taken) {
    if (ids.has(holder)) taken.delete(slot);
  }
  for (const row of moving) {
    const slot = slotOf(row.parent_id, row.name);
    if (taken.has(slot)) throw nameTaken(before.get(taken.get(slot) ?? row.id)?.name ?? row.name);
    taken.set(slot, row.id);
  }
}

async function write({ trx, userId }: Change, moving: NodeRow[]): Promise<void> {
  const first = await takeSeqs(trx, userId, moving.length);
  const ids = moving.map((row) => row.id);
  if (moving.length > 1) {
    // Names must be free before they are taken: no name holds a slash, so these keys clash with none.
    await sql`update nodes set name_key = '/' || id
      where user_id = ${userId} and id in (${sql.join(padded(ids))})`.execute(trx);
  }
  for (const [i, row] of moving.entries()) {
    row.place_rev = first + i;
    row.seq = first + i;
    await updateNode(trx, row);
  }
  await recordChanges(trx, userId, first, ids);
}

/** After the move, walking up from a moved node must not come back to it. */
async function checkLoops({ trx, userId }: Change, moving: readonly NodeRow[]): Promise<void> {
  const folders = moving.filter((row) => row.kind === 'folder').map((row) => row.id);
  if (folders.length === 0) return;
  const { rows } = await sql<{ start: NodeId }>`
    with recursive up (start, id) as (
      select id, parent_id from nodes where user_id = ${userId} and id in (${sql.join(padded(folders))})
      union
      select up.start, n.parent_id from up
      join nodes n on n.user_id = ${userId} and n.id = up.id
      where up.id <> up.start
    )
    select start from up where id = start limit 1`.execute(trx);
  if (rows.length > 0) {
    throw refuse('would-loop', 'A folder cannot be moved into itself. Choose another place.');
  }
}
