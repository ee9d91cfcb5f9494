import { sql } from 'kysely';
import type { UserId } from '../../shared/ids.ts';
import { padded } from '../db/lists.ts';
import type { Db } from '../db/schema.ts';
import { entryNumbers, indexed, makeEntries } from './entries.ts';
import { beginningsOf, wordsOf } from './words.ts';

/**
 * Brings some of what waits into the search index; returns how many nodes that were. Searching finds what waits as
 * well, only slower: storing files never waits for the index.
 */
export async function indexSome(trx: Db, limit: number): Promise<number> {
  const first = await trx.selectFrom('search_pending').select('user_id').limit(1).executeTakeFirst();
  if (!first) return 0;
  const userId = first.user_id;
  const waiting = await trx
    .selectFrom('search_pending')
    .select('node_id')
    .where('user_id', '=', userId)
    .orderBy('node_id')
    .limit(limit)
    .execute();
  const ids = waiting.map(({ node_id }) => node_id);
  await forget(trx, [...(await entryNumbers(trx, userId, ids)).values()]);
  const nodes = await trx
    .selectFrom('nodes')
    .select(['id', 'name', 'tags'])
    .where('user_id', '=', userId)
    .where('id', 'in', padded(ids))
    .where('state', '<>', 'purged')
    .orderBy('id')
    .execute();
  if (nodes.length > 0) await add(trx, userId, nodes);
  await sql`delete from search_pending where user_id = ${userId} and node_id in (${sql.join(padded(ids))})`.execute(
    trx,
  );
  return ids.length;
}

async function forget(trx: Db, entries: readonly number[]): Promise<void> {
  if (entries.length === 0) return;
  await sql`delete from search where rowid in (${sql.join(padded(entries))})`.execute(trx);
  await sql`delete from search_nodes where n in (${sql.join(padded(entries))})`.execute(trx);
}

type Words = Parameters<typeof wordsOf>;

async function add(
  trx: Db,
  userId: UserId,
  nodes: readonly { readonly id: string; readonly name: Words[0]; readonly tags: Words[1] }[],
): Promise<void> {
  const [from, to] = await makeEntries(trx, userId);
  const { rows } = await sql<{ last: number | null }>`select max(n) as last from search_nodes
    where n between ${from} and ${to}`.execute(trx);
  let n = rows[0]?.last ?? from;
  for (const { id, name, tags } of nodes) {
    n += 1;
    const words = wordsOf(name, tags);
    await sql`insert into search_nodes (n, user_id, node_id) values (${n}, ${userId}, ${id})`.execute(trx);
    await sql`insert into search (rowid, words) values (${n}, ${indexed(words, beginningsOf(words))})`.execute(trx);
  }
}
