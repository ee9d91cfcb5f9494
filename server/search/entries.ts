import { sql } from 'kysely';
import type { NodeId, UserId } from '../../shared/ids.ts';
import { padded } from '../db/lists.ts';
import type { Db } from '../db/schema.ts';
import { isLong } from './words.ts';

/** Numbers of one user's entries begin at the user's own number times this, so that a search reads nobody else's. */
const USER_ENTRIES = 2 ** 32;

/** The range of a user's entries in the index, both ends included; undefined when nothing of theirs is in it yet. */
export async function entriesOf(db: Db, userId: UserId): Promise<readonly [number, number] | undefined> {
  const row = await db.selectFrom('search_users').select('number').where('user_id', '=', userId).executeTakeFirst();
  return row && [row.number * USER_ENTRIES, (row.number + 1) * USER_ENTRIES - 1];
}

/** Makes the user's range. To be called in the transaction that fills it. */
export async function makeEntries(trx: Db, userId: UserId): Promise<readonly [number, number]> {
  await sql`insert into search_users (user_id) values (${userId}) on conflict do nothing`.execute(trx);
  const range = await entriesOf(trx, userId);
  if (!range) throw new Error('A user has no range in the search index.');
  return range;
}

/** The entries of these nodes, where they have one. */
export async function entryNumbers(db: Db, userId: UserId, ids: readonly NodeId[]): Promise<Map<NodeId, number>> {
  const rows = await db
    .selectFrom('search_nodes')
    .select(['node_id', 'n'])
    .where('user_id', '=', userId)
    .where('node_id', 'in', padded(ids))
    .execute();
  return new Map(rows.map(({ node_id, n }) => [node_id, n]));
}

/** No name holds it: it stands before the beginnings of words, so that one or two letters make three. */
const MARK = '\u0002';

/** What the index reads for a node: its words, then the beginning of each. */
export const indexed = (words: string, beginnings: ReadonlySet<string>): string =>
  `${words}\u0001${[...beginnings].map((beginning) => MARK + MARK + beginning).join('')}`;

/** The same terms in the index's own language. */
export const asMatch = (terms: readonly string[]): string =>
  terms.map((term) => `"${(isLong(term) ? term : MARK.repeat(2) + term).replaceAll('"', '""')}"`).join(' AND ');
