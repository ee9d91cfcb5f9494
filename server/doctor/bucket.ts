import { randomUUID } from 'node:crypto';
import type { S3Config } from '../settings/s3.ts';
import type { Diagnosis } from './examine.ts';

const subject = 'bucket';

/** Does in the bucket, with objects of its own, all that a server does there. */
export async function examineBucket(config: S3Config): Promise<Diagnosis[]> {
  const [{ Bucket }, { bytesPayload }, { isNamed, Persistence, statusOf }] = await Promise.all([
    import('../content/s3/bucket.ts'),
    import('../content/s3/payload.ts'),
    import('../content/s3/persist.ts'),
  ]);
  let why: unknown;
  const patience = { tries: 2, firstPauseMs: 500, longestPauseMs: 500, totalMs: 5_000 };
  const bucket = new Bucket(config, new Persistence(patience, (error) => (why = error)));
  const key = `staging/doctor/${randomUUID()}`;
  const bytes = Buffer.from('Driftless was here.');
  const steps: readonly (readonly [string, () => Promise<void>])[] = [
    ['write to', () => bucket.putNew(key, bytes)],
    [
      'read from',
      async () => {
        const found = await bucket.whole(key);
        if (!found || !bytes.equals(found)) throw new Error('it gives back other bytes');
      },
    ],
    [
      'upload in parts to',
      async () => {
        const id = await bucket.begin(`${key}-parts`);
        const etag = await bucket.putPart(`${key}-parts`, id, 1, bytesPayload(bytes));
        await bucket.complete(`${key}-parts`, id, new Map([[1, etag]]));
      },
    ],
    ['delete from', () => bucket.remove([key, `${key}-parts`])],
  ];
  try {
    for (const [what, step] of steps) {
      try {
        await step();
      } catch (error) {
        const cause = why ?? error;
        const said = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
        const status = statusOf(cause);
        const detail = `The server cannot ${what} ${config.bucket} (${said}${status ? `, ${status}` : ''}). Look at S3_BUCKET, S3_ENDPOINT and the keys.`;
        return [{ subject, state: 'bad', detail }];
      }
    }
    const conditional = await refusesSecond(bucket, key, isNamed);
    const detail = `${config.bucket} can be written to, read from, uploaded to in parts and deleted from.`;
    if (conditional) return [{ subject, state: 'good', detail }];
    const weak = `${detail} It does not heed If-None-Match, so nothing but random keys keeps objects from being written over. No step is needed.`;
    return [{ subject, state: 'weak', detail: weak }];
  } finally {
    bucket.close();
  }
}

/** Whether a second object under the same key is refused. */
async function refusesSecond(
  bucket: { putNew(key: string, bytes: Uint8Array): Promise<void>; remove(keys: string[]): Promise<void> },
  key: string,
  isNamed: (error: unknown, ...names: string[]) => boolean,
): Promise<boolean> {
  try {
    await bucket.putNew(key, Buffer.from('first'));
    await bucket.putNew(key, Buffer.from('the second one'));
    return false;
  } catch (error) {
    return isNamed(error, 'PreconditionFailed');
  } finally {
    await bucket.remove([key]);
  }
}
