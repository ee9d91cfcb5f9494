import { sql } from 'kysely';
import type { UserId } from '../../shared/ids.ts';
import { padded } from '../db/lists.ts';
import type { Db } from '../db/schema.ts';
import { DIVIDE, MARK, type SearchIndex } from './searchIndex.ts';
import { isLong } from './words.ts';

/**
 * PostgreSQL: the same trigrams as an array under an index of its own kind (GIN). They are made here and not by the
 * extension pg_trgm, which leaves out signs and, in a database without a language, every letter that is not Latin; so
 * nothing has to be installed, and both databases find the same. Each begins with its user's number: a search reads
 * nobody else's.
 */
export const gramArrays: SearchIndex = {
  async replace(trx, userId, ids, nodes) {
    await sql`delete from search where user_id = ${userId} and node_id in (${sql.join(padded(ids))})`.execute(trx);
    if (nodes.length === 0) return;
    await sql`insert into search_users (user_id) values (${userId}) on conflict do nothing`.execute(trx);
    const number = await numberOf(trx, userId);
    for (const { id, indexed } of nodes) {
      await sql`insert into search (user_id, node_id, grams) values (${userId}, ${id}, ${gramsOf(indexed, number)})
        on conflict (user_id, node_id) do update set grams = excluded.grams`.execute(trx);
    }
  },
  async candidates(db, userId, terms) {
    const number = await numberOf(db, userId);
    if (number === undefined) return undefined;
    const grams = terms.flatMap((term) => gramsOf(isLong(term) ? term : MARK.repeat(2) + term, number));
    return sql<{ id: string }>`select node_id as id from search
      where user_id = ${userId} and grams @> cast(${[...new Set(grams)]} as text[])`;
  },
  condition: () => undefined,
};

async function numberOf(db: Db, userId: UserId): Promise<number | undefined> {
  const row = await db.selectFrom('search_users').select('number').where('user_id', '=', userId).executeTakeFirst();
  return row?.number;
}

/** Every three characters that follow each other. */
function gramsOf(text: string, number: number | undefined): string[] {
  const characters = [...text];
  const grams = new Set<string>();
  for (let at = 0; at + 3 <= characters.length; at += 1) {
    const gram = characters.slice(at, at + 3).join('');
    if (!gram.includes(DIVIDE)) grams.add(`${number} ${gram}`);
  }
  return [...grams];
}
