import { isDiskFull } from '../diskFull.ts';
import { refuse } from '../refusal.ts';
import type { S3Config } from '../settings/s3.ts';
import { type DiskOptions, diskStore } from './disk.ts';
import type { StagingBook } from './s3/book.ts';
import type { BucketStore } from './s3/store.ts';
import type { ContentStore, ReadStored, SmallObject, StoredAt } from './store.ts';

/** All places where objects lie. A row says which of them holds its object, so old objects stay where they are. */
export interface Stores {
  /** Where new content goes. */
  readonly main: ContentStore;
  readonly disk: ContentStore;
  /** null: there is no bucket. */
  readonly bucket: BucketStore | null;
  /** Where an upload that begins now is put together, as its row and later its object's say. */
  forUpload(): string;
  /** Stores small objects as one group. Returns the store's name for their rows. */
  putSmall(objects: readonly SmallObject[]): Promise<string>;
  /** By the name in a row. Refused when this server was not told of that store. */
  of(name: string): ContentStore;
  remove(objects: readonly StoredAt[]): Promise<void>;
  close(): Promise<void>;
}

/** In a row: on the disk, until the bucket takes it. */
export const WAITING = 'waiting';

export interface StoresOptions extends Omit<DiskOptions, 'readStored'> {
  readonly s3: S3Config | null;
  readonly book: StagingBook;
}

export async function openStores(options: StoresOptions): Promise<Stores> {
  const { data, s3, book, fault } = options;
  const readStored: ReadStored = ({ store, key }, start, length) => of(store).read(key, start, length);
  const disk = await diskStore({ ...options, readStored });
  const bucket = s3 && (await openBucket(s3, data, book, readStored, fault));
  const of = (name: string): ContentStore => {
    switch (name) {
      case 'disk':
      case WAITING:
        return disk;
      case 's3':
        if (bucket) return bucket;
    }
    throw refuse('unavailable', `This content lies in a store that the server was not told of (${name}).`);
  };
  const main = bucket ?? disk;
  const waits = s3?.whenAway === 'disk';
  return {
    main,
    disk,
    bucket,
    of,
    forUpload: () => (waits && bucket?.bucket.away ? WAITING : main.name),
    async putSmall(objects) {
      try {
        await main.putSmall(objects);
        return main.name;
      } catch (error) {
        if (main === disk || !waits || isDiskFull(error)) throw error;
        fault(error);
        await disk.putSmall(objects);
        return WAITING;
      }
    },
    async remove(objects) {
      for (const [store, some] of Map.groupBy(objects, (each) => each.store)) {
        await of(store).remove(some.map(({ key }) => key));
      }
    },
    async close() {
      await bucket?.close();
      await disk.close();
    },
  };
}

/** The library that speaks to buckets is loaded where there is one. */
async function openBucket(
  config: S3Config,
  data: string,
  book: StagingBook,
  readStored: ReadStored,
  fault: (error: unknown) => void,
): Promise<BucketStore> {
  const { bucketStore } = await import('./s3/store.ts');
  return bucketStore({ config, data, book, readStored, fault });
}
