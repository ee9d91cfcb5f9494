import type { UploadId, UserId } from '../../shared/ids.ts';
import { lockUser } from '../db/locks.ts';
import { release } from '../quota/reservation.ts';
import { Refusal } from '../refusal.ts';
import type { Services } from '../services.ts';
import type { LiveUpload } from './live.ts';
import { findUpload, SESSION_MS, type Upload } from './session.ts';

/** Ends an upload without a file and gives back what it held. One that is gone or completed stays as it is. */
export async function abortUpload(services: Services, userId: UserId, id: UploadId): Promise<void> {
  try {
    await end(services, await findUpload(services.db.read, userId, id));
  } catch (error) {
    if (!(error instanceof Refusal && error.problem.code === 'upload-gone')) throw error;
  }
}

async function end(services: Services, upload: Upload): Promise<void> {
  const known = await services.uploads.get(upload.id)?.catch(() => undefined);
  await known?.completing?.catch(() => undefined);
  if (!(await endWithoutFile(services, upload))) return;
  const live = await forget(services, upload.id);
  for (const { abort, ended } of live?.receiving.values() ?? []) {
    abort.abort();
    await ended;
  }
  await services.content.of(upload.store).staged(upload.id).discard();
}

/** In the rows. False when it had ended before. */
export async function endWithoutFile(services: Services, upload: Upload): Promise<boolean> {
  const ended = await services.db.write.transaction().execute(async (trx) => {
    await lockUser(trx, upload.user_id);
    const row = await trx
      .updateTable('uploads')
      .set({ state: 'gone' })
      .where('id', '=', upload.id)
      .where('state', '=', 'open')
      .returning('reserved_bytes')
      .executeTakeFirst();
    if (!row) return false;
    await release(trx, upload.user_id, row.reserved_bytes);
    await trx.updateTable('uploads').set({ reserved_bytes: 0 }).where('id', '=', upload.id).execute();
    await trx.deleteFrom('upload_chunks').where('upload_id', '=', upload.id).execute();
    await trx.deleteFrom('upload_parts').where('upload_id', '=', upload.id).execute();
    return true;
  });
  // A run that was killed may have put the object in its place; nobody will record it any more.
  if (ended) await services.content.of(upload.store).remove([upload.object_key]);
  return ended;
}

/** Stops what this run of the server does for an upload by itself; parts may still be under way. */
export async function forget(services: Services, id: UploadId): Promise<LiveUpload | undefined> {
  const live = await services.uploads.get(id)?.catch(() => undefined);
  await live?.completing?.catch(() => undefined);
  services.uploads.delete(id);
  services.claims.drop(id);
  await live?.copies.stop();
  return live;
}

/** Ends what has expired, forgets what ended long ago, and removes staged bytes that belong to no open upload. */
export async function sweepUploads(services: Services, now: number): Promise<void> {
  const { db } = services;
  const expired = await db.read
    .selectFrom('uploads')
    .selectAll()
    .where('expires_at', '<', now)
    .where('state', '=', 'open')
    .execute();
  for (const upload of expired) await end(services, upload);
  await db.write
    .deleteFrom('uploads')
    .where('expires_at', '<', now - SESSION_MS)
    .where('state', '<>', 'open')
    .execute();
}

/** Looked for before the rows: a session's row is written first, so what another copy stages meanwhile has one. */
export async function removeStrays(services: Services): Promise<void> {
  const { disk } = services.content;
  const staged = await disk.stagedIds();
  const open = await services.db.read.selectFrom('uploads').select('id').where('state', '=', 'open').execute();
  const known = new Set<string>(open.map((upload) => upload.id));
  for (const id of staged) {
    if (!known.has(id)) await disk.staged(id as UploadId).discard();
  }
}
