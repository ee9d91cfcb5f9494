import { sql } from 'kysely';
import type { NodeId, UserId } from '../../shared/ids.ts';
import { padded } from '../db/lists.ts';
import type { Db } from '../db/schema.ts';
import { type IndexedNode, MARK, type SearchIndex } from './searchIndex.ts';
import { isLong } from './words.ts';

/** SQLite: a virtual table of trigrams, in which a search reads its own user's range of numbers only. */
export const trigramTable: SearchIndex = {
  async replace(trx, userId, ids, nodes) {
    await forget(trx, [...(await entryNumbers(trx, userId, ids)).values()]);
    if (nodes.length > 0) await add(trx, userId, nodes);
  },
  async candidates(db, userId, terms) {
    const range = await entriesOf(db, userId);
    return (
      range &&
      sql<{ id: string }>`select s.node_id as id from search f cross join search_nodes s
        where s.n = f.rowid and f.search match ${asMatch(terms)} and f.rowid between ${range[0]} and ${range[1]}`
    );
  },
  condition: (terms) => sql`search_matches(n.name, n.tags, ${terms.join(' ')}) = 1`,
};

/** Numbers of one user's entries begin at the user's own number times this, so that a search reads nobody else's. */
const USER_ENTRIES = 2 ** 32;

/** The range of a user's entries in the index, both ends included; undefined when nothing of theirs is in it yet. */
async function entriesOf(db: Db, userId: UserId): Promise<readonly [number, number] | undefined> {
  const row = await db.selectFrom('search_users').select('number').where('user_id', '=', userId).executeTakeFirst();
  return row && [row.number * USER_ENTRIES, (row.number + 1) * USER_ENTRIES - 1];
}

/** Makes the user's range. To be called in the transaction that fills it. */
async function makeEntries(trx: Db, userId: UserId): Promise<readonly [number, number]> {
  await sql`insert into search_users (user_id) values (${userId}) on conflict do nothing`.execute(trx);
  const range = await entriesOf(trx, userId);
  if (!range) throw new Error('A user has no range in the search index.');
  return range;
}

/** The entries of these nodes, where they have one. */
async function entryNumbers(db: Db, userId: UserId, ids: readonly NodeId[]): Promise<Map<NodeId, number>> {
  const rows = await db
    .selectFrom('search_nodes')
    .select(['node_id', 'n'])
    .where('user_id', '=', userId)
    .where('node_id', 'in', padded(ids))
    .execute();
  return new Map(rows.map(({ node_id, n }) => [node_id, n]));
}

async function forget(trx: Db, entries: readonly number[]): Promise<void> {
  if (entries.length === 0) return;
  await sql`delete from search where rowid in (${sql.join(padded(entries))})`.execute(trx);
  await sql`delete from search_nodes where n in (${sql.join(padded(entries))})`.execute(trx);
}

async function add(trx: Db, userId: UserId, nodes: readonly IndexedNode[]): Promise<void> {
  const [from, to] = await makeEntries(trx, userId);
  const { rows } = await sql<{ last: number | null }>`select max(n) as last from search_nodes
    where n between ${from} and ${to}`.execute(trx);
  let n = rows[0]?.last ?? from;
  for (const { id, indexed } of nodes) {
    n += 1;
    await sql`insert into search_nodes (n, user_id, node_id) values (${n}, ${userId}, ${id})`.execute(trx);
    await sql`insert into search (rowid, words) values (${n}, ${indexed})`.execute(trx);
  }
}

/** The same terms in the index's own language. */
const asMatch = (terms: readonly string[]): string =>
  terms.map((term) => `"${(isLong(term) ? term : MARK.repeat(2) + term).replaceAll('"', '""')}"`).join(' AND ');
