import type { Selectable } from 'kysely';
import type { UploadId, UserId } from '../../shared/ids.ts';
import type { Db, Schema } from '../db/schema.ts';
import { refuse } from '../refusal.ts';

/** An upload session's row. */
export type Upload = Selectable<Schema['uploads']>;

/** A session ends this long, in ms, after its last part. */
export const SESSION_MS = 7 * 24 * 3_600_000;

export async function findUpload(db: Db, userId: UserId, id: UploadId): Promise<Upload> {
  const upload = await db
    .selectFrom('uploads')
    .selectAll()
    .where('id', '=', id)
    .where('user_id', '=', userId)
    .executeTakeFirst();
  if (!upload) throw refuse('not-found', 'There is no such upload. Open a new one.');
  if (upload.state === 'gone')
    throw refuse('upload-gone', 'This upload has expired, was aborted, or met a full disk. Open a new one.');
  return upload;
}

export const uploadMismatch = (what: string) => refuse('upload-mismatch', what);
