import { sql } from 'kysely';
import type { UserId } from '../../shared/ids.ts';
import type { Db } from '../db/schema.ts';
import { quotaExceeded, roomOf } from './room.ts';

/** Holds `bytes` for an upload, all or none: one conditional update, so that parallel uploads cannot overshoot. */
export async function reserve(trx: Db, userId: UserId, bytes: number): Promise<void> {
  if (bytes === 0) return;
  const { rows } = await sql<{ id: string }>`update users set reserved_bytes = reserved_bytes + ${bytes}
    where id = ${userId} and (quota_bytes is null or used_bytes + reserved_bytes + ${bytes} <= quota_bytes)
    returning id`.execute(trx);
  if (rows.length === 0) throw quotaExceeded(await roomOf(trx, userId), bytes);
}

/** Gives back what an upload held, in the transaction that ends the upload. */
export async function release(trx: Db, userId: UserId, bytes: number): Promise<void> {
  if (bytes === 0) return;
  await sql`update users set reserved_bytes = reserved_bytes - ${bytes} where id = ${userId}`.execute(trx);
}
