import { sql } from 'kysely';
import type { UserId } from '../../shared/ids.ts';
import { dialectOf } from './dialect.ts';
import type { Db } from './schema.ts';

/*
 * SQLite has one writer, so that whatever a transaction has read stays true until it commits. On PostgreSQL these say
 * what a transaction is going to decide by. Names first, then users in the order of their ids: nobody can wait in a circle.
 */

/**
 * To be asked for before anything else in a transaction that changes what is a user's: their changes come one after the
 * other, each seeing what the one before has left. Rows that only refer to the user can still be added meanwhile.
 */
export async function lockUser(trx: Db, userId: UserId): Promise<void> {
  if (dialectOf(trx) === 'sqlite') return;
  await sql`select 1 from users where id = ${userId} for no key update`.execute(trx);
}

/** The same for what is everybody's. */
export async function lockUsers(trx: Db): Promise<void> {
  if (dialectOf(trx) === 'sqlite') return;
  await sql`select 1 from users order by id for no key update`.execute(trx);
}

/** For decisions about something that may have no row yet. Held until the transaction ends. */
export async function lockNames(trx: Db, names: readonly string[]): Promise<void> {
  if (dialectOf(trx) === 'sqlite') return;
  for (const name of [...new Set(names)].sort()) {
    await sql`select pg_advisory_xact_lock(hashtextextended(${name}, 0))`.execute(trx);
  }
}

/** Reads that all see the rows as they were at one moment. */
export const atOneMoment = <T>(db: Db, work: (trx: Db) => Promise<T>): Promise<T> =>
  dialectOf(db) === 'sqlite'
    ? db.transaction().execute(work)
    : db.transaction().setIsolationLevel('repeatable read').setAccessMode('read only').execute(work);
