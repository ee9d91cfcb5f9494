import type { MediaCursor } from '../../shared/api/media.ts';
import type { UserId } from '../../shared/ids.ts';
import type { Db } from '../db/schema.ts';
import { currentRun } from '../tree/sequence.ts';

/** Notes which run gives out the user's numbers from here on, unless it is the one that gave out those before. */
export async function beginMediaRun(trx: Db, userId: UserId, first: number): Promise<void> {
  const run = await currentRun(trx);
  if ((await runThatGave(trx, userId, first)) === run) return;
  await trx.insertInto('media_runs').values({ user_id: userId, first, run }).execute();
}

/** The cursor after this number. */
export async function mediaCursor(db: Db, userId: UserId, n: number): Promise<MediaCursor> {
  const run = n === 0 ? undefined : await runThatGave(db, userId, n);
  return run === undefined ? '0' : `${n}.${run}`;
}

/** The number of a cursor of this history; 0 of any other, so that everything comes again. */
export async function numberOf(db: Db, userId: UserId, cursor: MediaCursor, head: number): Promise<number> {
  const [digits = '0', run] = cursor.split('.');
  const n = Number(digits);
  return n <= head && run !== undefined && (await runThatGave(db, userId, n)) === run ? n : 0;
}

async function runThatGave(db: Db, userId: UserId, n: number): Promise<string | undefined> {
  const row = await db
    .selectFrom('media_runs')
    .select('run')
    .where('user_id', '=', userId)
    .where('first', '<=', n)
    .orderBy('first', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.run;
}
