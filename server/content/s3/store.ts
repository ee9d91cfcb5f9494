import type { S3Config } from '../../settings/s3.ts';
import { diskRoom } from '../diskRoom.ts';
import { idOfObject } from '../listing.ts';
import { ReceivingThread } from '../receiving/thread.ts';
import type { ContentStore, ReadStored, StoredFile, StoreReader } from '../store.ts';
import { PartsUnderWay } from '../underWay.ts';
import type { StagingBook } from './book.ts';
import { Bucket } from './bucket.ts';
import { readObject } from './bytes.ts';
import { PATIENCE, type Patience, Persistence } from './persist.ts';
import { openSpool, type Spool } from './spool.ts';
import { stagedInBucket } from './staged.ts';
import { copyWhole } from './wholeCopy.ts';

/** Small files of a pack that are sent at a time. */
const LANES = 16;

export interface BucketOptions {
  readonly config: S3Config;
  /** Where parts wait until they are whole. */
  readonly data: string;
  readonly book: StagingBook;
  /** Reads what an upload copies from, which may lie in another store; default: all of it lies here. */
  readonly readStored?: ReadStored;
  /** Hears of what no request is told. */
  readonly fault: (error: unknown) => void;
  readonly patience?: Patience;
  /** A connection that says nothing for so long, in ms, is given up. */
  readonly silentMs?: number;
}

/** A store in a bucket knows more than others. */
export interface BucketStore extends ContentStore {
  readonly bucket: Bucket;
  readonly spool: Spool;
}

/** Looks at the objects of a bucket, whoever else is at work there. */
export const bucketReader = (bucket: Bucket): StoreReader => ({
  read: (key, start, length) => readObject(bucket, key, start, length),

  sizeOf: async (key) => (await bucket.head(key))?.size,

  async *olderThan(before) {
    for await (const page of bucket.list('users/')) {
      yield page.flatMap(({ key, at }): StoredFile[] => {
        const id = idOfObject(key);
        return id !== undefined && at < before ? [{ key, id }] : [];
      });
    }
  },
});

/** Keeps each object under its key in a bucket. What it has confirmed the bucket has confirmed. */
export async function bucketStore(options: BucketOptions): Promise<BucketStore> {
  const { config, data, book, fault, patience = PATIENCE } = options;
  const bucket = new Bucket(config, new Persistence(patience, fault), options.silentMs);
  const spool = await openSpool(data);
  const receiving = new ReceivingThread();
  const underWay = new PartsUnderWay(() => diskRoom(data));
  const reader = bucketReader(bucket);
  const readStored: ReadStored = options.readStored ?? (({ key }, start, length) => reader.read(key, start, length));
  const home = { bucket, book, spool, receiving, underWay, readStored, fault };

  return {
    name: 's3',
    bucket,
    spool,

    ...reader,

    async readWhole(key, size) {
      const pieces: Buffer[] = [];
      for await (const piece of await reader.read(key, 0, size)) pieces.push(Buffer.from(piece));
      return Buffer.concat(pieces);
    },

    async putSmall(objects) {
      const queue = objects.values();
      const lane = async (): Promise<void> => {
        for (const { key, bytes } of queue) await bucket.putNew(key, bytes);
      };
      const outcomes = await Promise.allSettled(Array.from({ length: LANES }, lane));
      const failed = outcomes.find((outcome) => outcome.status === 'rejected');
      if (!failed) return;
      // Nobody will record them. What cannot be removed now is swept as a stray.
      await bucket.remove(objects.map(({ key }) => key)).catch(fault);
      throw failed.reason;
    },

    copy: (from, key, size) => copyWhole(bucket, readStored, from, key, size),

    // A bucket is never full.
    room: async () => Number.POSITIVE_INFINITY,

    remove: (keys) => bucket.remove(keys),
    staged: (id) => stagedInBucket(id, home),
    // What lies in the bucket may be that of another copy of the server.
    stagedIds: async () => [],

    async close() {
      await receiving.close();
      bucket.close();
    },
  };
}
