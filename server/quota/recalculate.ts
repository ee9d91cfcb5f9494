import { type RawBuilder, sql } from 'kysely';
import type { Recalculated } from '../../shared/api/admin.ts';
import type { UserId } from '../../shared/ids.ts';
import { lockUser, lockUsers } from '../db/locks.ts';
import type { Db } from '../db/schema.ts';

/** What a user's counters count, as sums over the rows; `u` is the user's row. */
export const COUNTER_SUMS = {
  used_bytes: sql<number>`select coalesce(sum(size), 0) from nodes
    where user_id = u.id and kind = 'file' and state = 'live'`,
  kept_bytes: sql<number>`select coalesce(sum(size), 0)
    + (select coalesce(sum(size), 0) from nodes where user_id = u.id and kind = 'file' and state = 'trashed')
    from versions where user_id = u.id`,
  file_count: sql<number>`select count(*) from nodes where user_id = u.id and kind = 'file' and state = 'live'`,
  reserved_bytes: sql<number>`select coalesce(sum(reserved_bytes), 0) from uploads
    where user_id = u.id and state = 'open'`,
} as const satisfies Record<string, RawBuilder<number>>;

type Counter = keyof typeof COUNTER_SUMS;

/**
 * Sets the counters of one user, or of all, to what they count, and tells which were wrong. The triggers keep them right;
 * this is for a database that somebody has put together by hand. `dry`: tells only.
 */
export async function recalculate(db: Db, userId: UserId | undefined, dry: boolean): Promise<Recalculated> {
  return db.transaction().execute(async (trx) => {
    await (userId === undefined ? lockUsers(trx) : lockUser(trx, userId));
    const corrected: Recalculated['corrected'] = [];
    for (const [counter, sum] of Object.entries(COUNTER_SUMS) as [Counter, RawBuilder<number>][]) {
      const column = sql.ref(counter);
      const { rows } = await sql<{ userId: UserId; was: number; is: number }>`
        select s.* from (select u.id as "userId", u.${column} as was, (${sum}) as "is" from users u
          where cast(${userId ?? null} as text) is null or u.id = ${userId ?? null}) s where was <> "is"`.execute(trx);
      for (const { userId: id, was, is } of rows) {
        corrected.push({ userId: id, counter, was, is });
        if (!dry) await sql`update users set ${column} = ${is} where id = ${id}`.execute(trx);
      }
    }
    return { corrected };
  });
}
