import { ConfigFault } from '../settings/fault.ts';
import type { S3Config } from '../settings/s3.ts';
import { diskReader } from './diskReader.ts';
import type { StoreReader } from './store.ts';

/** The stores of a server for those who only look, such as the commands beside it. */
export interface Readers {
  /** By the name in a row; null: it cannot be looked at here. Throws ConfigFault where the environment names no bucket. */
  of(name: string): StoreReader | null;
  readonly all: readonly StoreReader[];
  close(): void;
}

export async function openReaders(
  data: string,
  s3: S3Config | null,
  fault: (error: unknown) => void,
): Promise<Readers> {
  const disk = diskReader(data);
  const bucket = s3 && (await bucketOf(s3, fault));
  return {
    of(name) {
      if (name !== 's3') return disk;
      if (bucket) return bucket.reader;
      throw new ConfigFault('Some content lies in a bucket, but S3_BUCKET is not set. Set it as for the server.');
    },
    all: bucket ? [disk, bucket.reader] : [disk],
    close: () => bucket?.close(),
  };
}

/** Those of a backup, which has in its folder what it has; what lies in a bucket it may only name. */
export const backupReaders = (folder: string, withBucket: boolean): Readers => {
  const disk = diskReader(folder);
  return { of: (name) => (name === 's3' && !withBucket ? null : disk), all: [disk], close: () => undefined };
};

async function bucketOf(config: S3Config, fault: (error: unknown) => void) {
  const [{ Bucket }, { bucketReader }, { PATIENCE, Persistence }] = await Promise.all([
    import('./s3/bucket.ts'),
    import('./s3/store.ts'),
    import('./s3/persist.ts'),
  ]);
  const bucket = new Bucket(config, new Persistence(PATIENCE, fault));
  return { reader: bucketReader(bucket), close: () => bucket.close() };
}
