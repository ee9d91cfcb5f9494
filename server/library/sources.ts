import { type RawBuilder, sql } from 'kysely';
import { by } from '../db/dialect.ts';
import type { Db } from '../db/schema.ts';
import { searchIndexOf } from '../search/indexing.ts';
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
    const { rows } = await sql<{ count: number }>`select count(*) as count from (${ids} limit ${least}) s`.execute(db);
    const count = rows[0]?.count ?? 0;
    if (count < least) [best, least] = [ids, count];
    if (least === 0) break;
  }
  return best;
}

async function sourcesOf(db: Db, asked: Asked): Promise<Ids[]> {
  const { userId, state, parentId, types, favourite, category, entityId, spellings, terms } = asked;
  const live = state === 'live';
  const from = (index: string, condition: RawBuilder<unknown>): Ids =>
    sql`select id from nodes ${by(db, index)} where user_id = ${userId} and ${condition}`;
  return [
    ...(live ? spellings.map((tags) => taggedWith(userId, tags)) : []),
    ...(favourite ? [from('nodes_favourite', sql`favourite = 1`)] : []),
    ...(entityId === undefined ? [] : [from('nodes_by_entity', sql`entity_id = ${entityId}`)]),
    ...(category === undefined ? [] : [from('nodes_by_category', sql`category = ${category}`)]),
    ...(parentId === undefined || !live
      ? []
      : [from('nodes_live_names', sql`coalesce(parent_id, '') = ${parentId ?? ''} and state = 'live'`)]),
    ...(live ? [] : [from('nodes_by_trash_age', sql`state = 'trashed'`)]),
    ...(types.length === 0
      ? []
      : [
          from(
            'nodes_by_type',
            sql`state = ${sql.lit(state)} and state <> 'purged' and file_type in (${sql.join(types)})`,
          ),
        ]),
    ...(terms.length === 0 ? [] : [await found(db, asked)]),
  ];
}

const taggedWith = (userId: string, tags: readonly string[]): Ids =>
  sql`select distinct node_id as id from node_tags where user_id = ${userId} and tag in (${sql.join(tags)})`;

/** By the search index, and what that has not read yet. */
async function found(db: Db, { userId, terms }: Asked): Promise<Ids> {
  const waiting = sql<{ id: string }>`select node_id as id from search_pending where user_id = ${userId}`;
  const known = await searchIndexOf(db).candidates(db, userId, terms);
  return known ? sql`select * from (${known} union all ${waiting}) f` : waiting;
}
