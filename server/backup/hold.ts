import type { Db } from '../db/schema.ts';

/**
 * While a backup copies the stored files that its database names, none of them may go. It says so in the database,
 * because the server that lets go of files is another process; and for a while only, because a backup can be killed.
 */
const KEY = 'backup_until';
const HOLD_MS = 10 * 60_000;

/** Keeps stored files from being removed for the next ten minutes. */
export async function holdObjects(db: Db, now: number): Promise<void> {
  const value = String(now + HOLD_MS);
  await db
    .insertInto('meta')
    .values({ key: KEY, value })
    .onConflict((conflict) => conflict.column('key').doUpdateSet({ value }))
    .execute();
}

export async function releaseObjects(db: Db): Promise<void> {
  await db.deleteFrom('meta').where('key', '=', KEY).execute();
}

/** Whether stored files are held. To be asked in the transaction that removes their rows. */
export async function objectsHeld(trx: Db, now: number): Promise<boolean> {
  const row = await trx.selectFrom('meta').select('value').where('key', '=', KEY).executeTakeFirst();
  return row !== undefined && Number(row.value) > now;
}
