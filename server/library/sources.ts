import { type RawBuilder, sql } from 'kysely';
import type { Db } from '../db/schema.ts';
import { asMatch, entriesOf } from '../search/entries.ts';
import type { Asked } from './filters.ts';

/** Subqueries with a column `id`. */
type Ids = RawBuilder<{ id: string }>;

/**
 * The nodes among which all of a query's results are, from the index of that filter which leaves the fewest; undefined
 * when each leaves more than `most`, or none has an index.
 */
export async function fewest(db: Db, asked: Asked, most: number): Promise<Ids | undefined> {
  let best: Ids | undefined;
  let least = most + 1;
  for (const ids of await sourcesOf(db, asked)) {
    const { rows } = await sql<{ count: number }>`select count(*) as count from (${ids} limit ${least})`.execute(db);
    const count = rows[0]?.count ?? 0;
    if (count < least) [best, least] = [ids, count];
    if (least === 0) break;
  }
  return best;
}

async function sourcesOf(db: Db, asked: Asked): Promise<Ids[]> {
  const { userId, state, parentId, types, favourite, category, entityId, spellings, terms } = asked;
  const live = state === 'live';
  return [
    ...(live ? spellings.map((tags) => taggedWith(userId, tags)) : []),
    ...(favourite
      ? [
          sql<{ id: string }>`select id from nodes indexed by nodes_favourite
      where user_id = ${userId} and favourite = 1`,
        ]
      : []),
    ...(entityId === undefined
      ? []
      : [
          sql<{ id: string }>`select id from nodes indexed by nodes_by_entity
      where user_id = ${userId} and entity_id = ${entityId}`,
        ]),
    ...(category === undefined
      ? []
      : [
          sql<{ id: string }>`select id from nodes indexed by nodes_by_category
      where user_id = ${userId} and category = ${category}`,
        ]),
    ...(parentId === undefined || !live
      ? []
      : [
          sql<{ id: string }>`select id from nodes indexed by nodes_live_names
      where user_id = ${userId} and coalesce(parent_id, '') = ${parentId ?? ''} and state = 'live'`,
        ]),
    ...(live
      ? []
      : [
          sql<{ id: string }>`select id from nodes indexed by nodes_by_trash_age
      where user_id = ${userId} and state = 'trashed'`,
        ]),
    ...(types.length === 0
      ? []
      : [
          sql<{ id: string }>`select id from nodes indexed by nodes_by_type
      where user_id = ${userId} and state = ${sql.lit(state)} and state <> 'purged' and file_type in (${sql.join(types)})`,
        ]),
    ...(terms.length === 0 ? [] : [await found(db, asked)]),
  ];
}

const taggedWith = (userId: string, tags: readonly string[]): Ids =>
  sql`select distinct node_id as id from node_tags where user_id = ${userId} and tag in (${sql.join(tags)})`;

/** By the search index, and what that has not read yet. */
async function found(db: Db, { userId, terms }: Asked): Promise<Ids> {
  const waiting = sql<{ id: string }>`select node_id as id from search_pending where user_id = ${userId}`;
  const range = await entriesOf(db, userId);
  if (!range) return waiting;
  return sql`select * from (select s.node_id as id from search f cross join search_nodes s on s.n = f.rowid
      where f.search match ${asMatch(terms)} and f.rowid between ${range[0]} and ${range[1]}
    union all ${waiting})`;
}
