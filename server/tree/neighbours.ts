import { sql } from 'kysely';
import type { NodeId, UserId } from '../../shared/ids.ts';
import { nameKey } from '../../shared/names.ts';
import { padded, valueTuples } from '../db/lists.ts';
import type { Db, NodeRow } from '../db/schema.ts';
import { NODE_COLUMNS } from './node.ts';

/** A name's slot in a folder: two live nodes cannot hold the same one. */
export const slotOf = (parentId: NodeId | null, name: string): string => `${parentId ?? ''}/${nameKey(name)}`;

/** Reads nodes by id, whatever their state. */
export async function nodesById(db: Db, userId: UserId, ids: readonly NodeId[]): Promise<Map<NodeId, NodeRow>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .selectFrom('nodes')
    .select(NODE_COLUMNS)
    .where('user_id', '=', userId)
    .where('id', 'in', padded(ids))
    .execute();
  return new Map(rows.map((row) => [row.id, row]));
}

/** Which of these are live folders. */
export async function liveFolders(db: Db, userId: UserId, ids: readonly NodeId[]): Promise<Set<NodeId>> {
  if (ids.length === 0) return new Set();
  const rows = await db
    .selectFrom('nodes')
    .select('id')
    .where('user_id', '=', userId)
    .where('id', 'in', padded([...new Set(ids)]))
    .where('state', '=', 'live')
    .where('kind', '=', 'folder')
    .execute();
  return new Set(rows.map((row) => row.id));
}

export interface WantedPlace {
  readonly parentId: NodeId | null;
  readonly name: string;
}

/** Who lives at these places: slot → node id. */
export async function holders(db: Db, userId: UserId, places: readonly WantedPlace[]): Promise<Map<string, NodeId>> {
  if (places.length === 0) return new Map();
  const tuples = valueTuples(places.map((place) => [place.parentId ?? '', nameKey(place.name)]));
  const { rows } = await sql<{ parent: string; key: string; id: NodeId }>`
    with wanted (parent, key) as (values ${tuples})
    select w.parent, w.key, n.id from wanted w
    cross join nodes n where n.user_id = ${userId} and coalesce(n.parent_id, '') = w.parent
      and n.name_key = w.key and n.state = 'live'`.execute(db);
  return new Map(rows.map((row) => [`${row.parent}/${row.key}`, row.id]));
}
