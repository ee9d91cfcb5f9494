import type { UserId } from '../../shared/ids.ts';
import type { Db } from '../db/schema.ts';
import { type Refusal, refuse } from '../refusal.ts';

/** A user's space while a transaction hands it out. */
export interface Room {
  usedBytes: number;
  readonly reservedBytes: number;
  readonly limitBytes: number | null;
}

export async function roomOf(db: Db, userId: UserId): Promise<Room> {
  const row = await db
    .selectFrom('users')
    .select(['used_bytes', 'reserved_bytes', 'quota_bytes'])
    .where('id', '=', userId)
    .executeTakeFirstOrThrow();
  return { usedBytes: row.used_bytes, reservedBytes: row.reserved_bytes, limitBytes: row.quota_bytes };
}

/** Takes `bytes` (negative: gives them back). False when they do not fit; over the limit only growth is refused. */
export function take(room: Room, bytes: number): boolean {
  const fits = bytes <= 0 || room.limitBytes === null || room.usedBytes + room.reservedBytes + bytes <= room.limitBytes;
  if (fits) room.usedBytes += bytes;
  return fits;
}

export const quotaExceeded = (room: Room, neededBytes: number): Refusal =>
  refuse('quota-exceeded', 'There is not enough space left in this account. Free some space or choose a larger plan.', {
    quota: {
      usedBytes: room.usedBytes,
      reservedBytes: room.reservedBytes,
      limitBytes: room.limitBytes,
      neededBytes,
    },
  });
