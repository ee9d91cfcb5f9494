import { sql } from 'kysely';
import type { NodeId, UserId } from '../../shared/ids.ts';
import { dialectOf, skipTaken } from '../db/dialect.ts';
import { padded } from '../db/lists.ts';
import type { Db } from '../db/schema.ts';
import { gramArrays } from './gramArrays.ts';
import { indexed, type SearchIndex } from './searchIndex.ts';
import { trigramTable } from './trigramTable.ts';
import { beginningsOf, wordsOf } from './words.ts';

export const searchIndexOf = (db: Db): SearchIndex => (dialectOf(db) === 'sqlite' ? trigramTable : gramArrays);

/**
 * Brings some of what waits into the search index; returns how many nodes that were. Searching finds what waits as
 * well, only slower: storing files never waits for the index. What waits is taken before its words are read: whoever
 * changes them meanwhile makes it wait again.
 */
export async function indexSome(trx: Db, limit: number): Promise<number> {
  const { rows } = await sql<{ user_id: UserId; node_id: NodeId }>`delete from search_pending
    where (user_id, node_id) in (
      select user_id, node_id from search_pending order by user_id, node_id limit ${limit} ${skipTaken(trx)})
    returning user_id, node_id`.execute(trx);
  for (const [userId, waiting] of Map.groupBy(rows, ({ user_id }) => user_id)) {
    await indexNodes(
      trx,
      userId,
      waiting.map(({ node_id }) => node_id),
    );
  }
  return rows.length;
}

async function indexNodes(trx: Db, userId: UserId, ids: readonly NodeId[]): Promise<void> {
  const nodes = await trx
    .selectFrom('nodes')
    .select(['id', 'name', 'tags'])
    .where('user_id', '=', userId)
    .where('id', 'in', padded(ids))
    .where('state', '<>', 'purged')
    .orderBy('id')
    .execute();
  await searchIndexOf(trx).replace(
    trx,
    userId,
    ids,
    nodes.map(({ id, name, tags }) => {
      const words = wordsOf(name, tags);
      return { id, indexed: indexed(words, beginningsOf(words)) };
    }),
  );
}
