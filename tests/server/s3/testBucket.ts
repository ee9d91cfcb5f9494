import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { inject, onTestFinished } from 'vitest';
import { Bucket } from '../../../server/content/s3/bucket.ts';
import { PATIENCE, Persistence } from '../../../server/content/s3/persist.ts';
import type { S3Config } from '../../../server/settings/s3.ts';
import { noRgw, type Rgw, startRgw } from './rgw.ts';

/** Why tests against S3 are skipped; undefined when they run. */
export const noS3 = noRgw;

/** All tests share one bucket: making one takes the server a while. */
const BUCKET = 'driftless-tests';

/** A place of its own in a real S3 server. */
export async function testBucket(more: Partial<S3Config> = {}): Promise<S3Config> {
  return { ...placeIn(await sharedRgw()), ...more };
}

const placeIn = ({ endpoint, ...credentials }: Rgw): S3Config => ({
  bucket: BUCKET,
  endpoint,
  region: 'default',
  credentials,
  prefix: `${randomUUID()}/`,
  pathStyle: true,
  downloads: 'proxy',
  whenAway: 'refuse',
});

/** A client of the whole bucket, for what the server does not do. */
export const clientOf = ({ endpoint, region, credentials }: S3Config): S3Client =>
  new S3Client({
    region,
    forcePathStyle: true,
    ...(endpoint && { endpoint }),
    ...(credentials && { credentials }),
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  });

/** What the server speaks to a bucket with. Closed after the test. */
export function bucketOf(place: S3Config): Bucket {
  const bucket = new Bucket(place, new Persistence(PATIENCE, () => undefined));
  onTestFinished(() => bucket.close());
  return bucket;
}

let known: Promise<Rgw> | undefined;

/** The run's server, which the first of all test files starts. */
function sharedRgw(): Promise<Rgw> {
  known ??= startOrWait();
  return known;
}

async function startOrWait(): Promise<Rgw> {
  const { folder, owner } = inject('s3');
  const ready = join(folder, 'ready.json');
  const first = await mkdir(join(folder, 'starting')).then(
    () => true,
    () => false,
  );
  if (!first) return waitFor(ready);
  const rgw = await startRgw(folder, owner);
  await clientOf(placeIn(rgw)).send(new CreateBucketCommand({ Bucket: BUCKET }));
  await writeFile(`${ready}.new`, JSON.stringify(rgw));
  await rename(`${ready}.new`, ready);
  return rgw;
}

async function waitFor(ready: string): Promise<Rgw> {
  for (const end = Date.now() + 120_000; ; await new Promise((resolve) => setTimeout(resolve, 100))) {
    const text = await readFile(ready, 'utf8').catch(() => undefined);
    if (text !== undefined) return JSON.parse(text);
    if (Date.now() > end) throw new Error('The S3 server of the tests does not come up.');
  }
}
