import type { UploadId, UserId } from '../../shared/ids.ts';
import { diskFull, isDiskFull } from '../diskFull.ts';
import { Refusal, refuse } from '../refusal.ts';
import type { Services } from '../services.ts';
import { endWithoutFile, forget } from './end.ts';
import { findUpload } from './session.ts';

/**
 * Does a step of an upload. Where the disk is full the upload ends and gives back what it has staged: a file that cannot
 * be finished must not keep smaller ones out for a week. Its client opens a new upload later, which is refused before a
 * byte is sent until the file fits. The same where a bucket does not answer, if the disk may stand in for it.
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
    if (isDiskFull(error)) await giveBack(services, userId, id, diskFull());
    // The next one goes to the disk. This one cannot: what there is of it lies in the bucket.
    else if (services.config.s3?.whenAway === 'disk' && isAway(error))
      await giveBack(services, userId, id, bucketGone());
    throw error;
  }
}

/** Of the bucket: what else is unavailable says not when to come back. */
const isAway = (error: unknown): boolean =>
  error instanceof Refusal && error.problem.code === 'unavailable' && error.problem.retryAfterSeconds !== undefined;

const bucketGone = (): Refusal => refuse('unavailable', 'The store of the server does not answer. Open a new upload.');

/** The bytes first: recording the end needs room as well. Where even that fails, the upload stays open and empty. */
async function giveBack(services: Services, userId: UserId, id: UploadId, why: Refusal): Promise<void> {
  try {
    const upload = await findUpload(services.db.read, userId, id);
    if (upload.state !== 'open') return;
    await forget(services, id);
    await services.content.of(upload.store).staged(id).discard(why);
    await endWithoutFile(services, upload);
  } catch (error) {
    if (error instanceof Refusal) return;
    services.log.error({ err: error, upload: id }, 'an upload that met a full disk, or no bucket, could not be ended');
  }
}
