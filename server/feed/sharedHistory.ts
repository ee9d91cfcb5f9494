import { sql } from 'kysely';
import { type Cursor, RUN_DIGITS, runOf, type SharedHistory, seqOf } from '../../shared/api/changes.ts';
import type { UserId } from '../../shared/ids.ts';
import { valueTuples } from '../db/lists.ts';
import type { Db } from '../db/schema.ts';
import { currentRun } from '../tree/sequence.ts';

/**
 * The last change that this history shares with the one these cursors were given in. A known cursor is shared. Besides,
 * a run that wrote any of that history ended before the copy was put back that is served now: whatever it wrote and is
 * still here is shared too. Only the run that serves now may have gone on since, so it proves no more than its cursors.
 */
export async function sharedHistory(db: Db, userId: UserId, checkpoints: readonly Cursor[]): Promise<SharedHistory> {
  const given = checkpoints.filter((cursor) => cursor !== '0');
  if (given.length === 0) return { baseSeq: 0 };
  const now = await currentRun(db);
  const runs = [...new Set(given.map(runOf))].filter((run) => run !== now);
  return { baseSeq: Math.max(await newestKnown(db, userId, given), await newestOfRuns(db, userId, runs)) };
}

async function newestKnown(db: Db, userId: UserId, cursors: readonly Cursor[]): Promise<number> {
  const tuples = valueTuples(cursors.map((cursor) => [seqOf(cursor), cursor.split('.')[1] ?? '']));
  const { rows } = await sql<{ seq: number | null }>`
    with given (seq, nonce) as (values ${tuples})
    select max(c.seq) as seq from given g
    cross join changes c where c.user_id = ${userId} and c.seq = cast(g.seq as bigint) and c.nonce = g.nonce`.execute(
    db,
  );
  return rows[0]?.seq ?? 0;
}

async function newestOfRuns(db: Db, userId: UserId, runs: readonly string[]): Promise<number> {
  if (runs.length === 0) return 0;
  const found = await db
    .selectFrom('changes')
    .select('seq')
    .where('user_id', '=', userId)
    .where(sql`substr(nonce, 1, ${sql.lit(RUN_DIGITS)})`, 'in', runs)
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst();
  return found?.seq ?? 0;
}
