import type { UploadId, UserId } from '../../shared/ids.ts';
import { diskFull, isDiskFull } from '../diskFull.ts';
import { Refusal } from '../refusal.ts';
import type { Services } from '../services.ts';
import { endWithoutFile, forget } from './end.ts';
import { findUpload } from './session.ts';

/**
 * Does a step of an upload. Where the disk is full the upload ends and gives back what it has staged: a file that cannot
 * be finished must not keep smaller ones out for a week. Its client opens a new upload later, which is refused before a
 * byte is sent until the file fits.
 */
export async function orGiveBack<T>(
  services: Services,
  userId: UserId,
  id: UploadId,
  step: () => Promise<T>,
): Promise<T> {
  services.claims.use(id);
  try {
    return await step();
  } catch (error) {
    if (isDiskFull(error)) await giveBack(services, userId, id);
    throw error;
  }
}

/** The bytes first: recording the end needs room as well. Where even that fails, the upload stays open and empty. */
async function giveBack(services: Services, userId: UserId, id: UploadId): Promise<void> {
  try {
    const upload = await findUpload(services.db.read, userId, id);
    if (upload.state !== 'open') return;
    await forget(services, id);
    await services.content.of(upload.store).staged(id).discard(diskFull());
    await endWithoutFile(services, upload);
  } catch (error) {
    if (error instanceof Refusal) return;
    services.log.error({ err: error, upload: id }, 'an upload that met a full disk could not be ended');
  }
}
