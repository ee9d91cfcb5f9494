import type { StorageUsage } from '../../shared/api/storage.ts';
import type { UserId } from '../../shared/ids.ts';
import type { Db } from '../db/schema.ts';

export async function storageUsage(db: Db, userId: UserId): Promise<StorageUsage> {
  const row = await db
    .selectFrom('users')
    .select(['used_bytes', 'reserved_bytes', 'quota_bytes', 'kept_bytes', 'file_count'])
    .where('id', '=', userId)
    .executeTakeFirstOrThrow();
  return {
    usedBytes: row.used_bytes,
    reservedBytes: row.reserved_bytes,
    limitBytes: row.quota_bytes,
    keptBytes: row.kept_bytes,
    fileCount: row.file_count,
  };
}
