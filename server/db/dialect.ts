import { PostgresAdapter, type RawBuilder, sql } from 'kysely';
import type { Db } from './schema.ts';

/**
 * Where the two databases have other words for the same. Everything else is said in words that both understand: casts
 * where PostgreSQL cannot tell a value's type, names for subqueries, and `cross join` with its condition behind `where`,
 * which SQLite takes as the order to go in.
 */
export type Dialect = 'sqlite' | 'postgres';

export const dialectOf = (db: Db): Dialect =>
  db.getExecutor().adapter instanceof PostgresAdapter ? 'postgres' : 'sqlite';

const pick = <T>(db: Db, words: Readonly<Record<Dialect, T>>): T => words[dialectOf(db)];

/** A statement whose values are `?`, as this database numbers them. No other `?` may be in it. */
export function numbered(db: Db, text: string): string {
  if (dialectOf(db) === 'sqlite') return text;
  const known = numberedTexts.get(text);
  if (known !== undefined) return known;
  let n = 0;
  const made = text.replaceAll('?', () => {
    n += 1;
    return `$${n}`;
  });
  numberedTexts.set(text, made);
  return made;
}

const numberedTexts = new Map<string, string>();

/** Behind a table: the index to use. PostgreSQL chooses for itself. */
export const by = (db: Db, index: string): RawBuilder<unknown> =>
  pick(db, { sqlite: sql`indexed by ${sql.ref(index)}`, postgres: sql`` });

/** The texts of a JSON array as rows `t (value)`. */
export const textsIn = (db: Db, json: RawBuilder<unknown>): RawBuilder<unknown> =>
  pick(db, {
    sqlite: sql`json_each(${json}) as t`,
    postgres: sql`json_array_elements_text(${json}::json) as t (value)`,
  });

/** The objects of a JSON array as rows `t (value)`, from which `->>` takes texts. */
export const objectsIn = (db: Db, json: RawBuilder<unknown>): RawBuilder<unknown> =>
  pick(db, { sqlite: sql`json_each(${json}) as t`, postgres: sql`json_array_elements(${json}::json) as t (value)` });

/** Now, in Unix ms, by the clock that triggers go by. */
export const nowMs = (db: Db): RawBuilder<number> =>
  pick(db, {
    sqlite: sql<number>`cast((julianday('now') - 2440587.5) * 86400000 as integer)`,
    postgres: sql<number>`unix_ms()`,
  });

/** The day of a time in Unix ms as `YYYY-MM-DD`, in UTC. */
export const dayOf = (db: Db, ms: RawBuilder<unknown>): RawBuilder<string> =>
  pick(db, {
    sqlite: sql<string>`strftime('%Y-%m-%d', ${ms} / 1000, 'unixepoch')`,
    postgres: sql<string>`to_char(to_timestamp(${ms} / 1000) at time zone 'UTC', 'YYYY-MM-DD')`,
  });

/** Behind a subquery of rows to take: those that another copy of the server is taking are passed over. */
export const skipTaken = (db: Db): RawBuilder<unknown> =>
  pick(db, { sqlite: sql``, postgres: sql`for update skip locked` });
