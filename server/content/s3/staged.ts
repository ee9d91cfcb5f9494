import { MIN_COPIED_PART_BYTES } from '../../../shared/api/limits.ts';
import type { ByteRange } from '../../../shared/api/uploads.ts';
import type { UploadId } from '../../../shared/ids.ts';
import { refuse } from '../../refusal.ts';
import type { ReceivingThread } from '../receiving/thread.ts';
import {
  type ComingPart,
  type PartReceiver,
  type PlacedChunk,
  type ReadStored,
  rangesOf,
  type StagedObject,
  type StagedPart,
} from '../store.ts';
import type { PartsUnderWay } from '../underWay.ts';
import type { StagingBook } from './book.ts';
import type { Bucket } from './bucket.ts';
import { Construction, keptKey } from './construction.ts';
import { filePayload } from './payload.ts';
import { isBucketAway } from './persist.ts';
import type { Spool, SpoolFile } from './spool.ts';

export interface BucketHome {
  readonly bucket: Bucket;
  readonly book: StagingBook;
  readonly spool: Spool;
  readonly receiving: ReceivingThread;
  readonly underWay: PartsUnderWay;
  readonly readStored: ReadStored;
  /** Hears of what stays behind in the bucket until it is swept. */
  readonly fault: (error: unknown) => void;
}

/**
 * An upload whose parts go to a bucket. Each waits in a file until it is whole and every chunk has proved right, so that
 * it can be sent again as often as it takes, and memory does not grow with it.
 */
export function stagedInBucket(id: UploadId, home: BucketHome): StagedObject {
  const { bucket, book, spool, receiving, underWay, readStored } = home;
  const construction = new Construction(id, bucket, book);

  const layCopies = async (file: SpoolFile, part: StagedPart): Promise<void> => {
    for (const { from, start, length, position } of part.copies) {
      await file.lay(await readStored(from, start, length), position - part.offset, length);
    }
  };

  /** The chunks that are there, from where they were kept when the part broke off. */
  const layKept = async (file: SpoolFile, part: ComingPart): Promise<void> => {
    if (part.before.length === 0) return;
    const kept = (await book.parts(id)).find((each) => each.part === part.part)?.there ?? 0;
    if (kept < part.before.length) throw refuse('unavailable', 'The part begins again. Ask for the status.');
    let at = 0;
    for (const [position, length] of rangesOf(part.before)) {
      const bytes = await readStored({ store: 's3', key: keptKey(id, part.part, kept) }, at, length);
      await file.lay(bytes, position - part.offset, length);
      at += length;
    }
  };

  const storeWhole = async (file: SpoolFile, part: StagedPart): Promise<void> =>
    construction.store(part, await filePayload(file.path, [[0, part.length]]));

  /** What has come of a part that broke off is kept, as far as the bucket takes it. */
  const keep = async (file: SpoolFile, part: ComingPart, chunks: readonly PlacedChunk[]): Promise<void> => {
    await layKept(file, part);
    const ranges = inPart(part, chunks);
    await bucket.put(keptKey(id, part.part, chunks.length), await filePayload(file.path, ranges));
    await book.kept(id, part.part, chunks.length);
  };

  return {
    receive(part) {
      const file = spool.file();
      const ranges = inPart(part, part.coming);
      const inner = receiving.open(file.path, ranges, part.coming);
      const receiver: PartReceiver = {
        take: (pieces) => inner.take(pieces),
        async finish() {
          const arrived = await inner.finish();
          if (arrived === part.coming.length) {
            await layKept(file, part);
            await layCopies(file, part);
            await storeWhole(file, part);
            return arrived;
          }
          if (arrived === 0) return 0;
          try {
            await keep(file, part, [...part.before, ...part.coming.slice(0, arrived)]);
            return arrived;
          } catch (error) {
            if (isBucketAway(error)) return 0;
            throw error;
          }
        },
        drop() {
          inner.drop();
          file.remove().catch(home.fault);
        },
      };
      return underWay.add(id, ranges, receiver);
    },

    async fill(part, whole, signal) {
      // The bucket takes parts as a whole: what is copied into others is laid into them when they have come.
      if (!whole || signal.aborted) return false;
      const known = (await book.parts(id)).find((each) => each.part === part.part);
      if (known && known.etag !== null) return false;
      const [run, ...more] = part.copies;
      if (run && more.length === 0 && run.from.store === 's3' && run.length >= MIN_COPIED_PART_BYTES) {
        await construction.copy(part, run.from.key, run.start);
        return true;
      }
      const file = spool.file();
      try {
        await layCopies(file, part);
        await storeWhole(file, part);
      } finally {
        await file.remove();
      }
      return true;
    },

    held: async () => 0,

    async check(parts) {
      const booked = new Map((await book.parts(id)).map((each) => [each.part, each]));
      return parts.map(({ part, chunks }) => {
        const found = booked.get(part);
        return found && found.etag !== null ? chunks.length : (found?.there ?? 0);
      });
    },

    sync: async () => undefined,

    publish: (key, size) => construction.publish(key, size),

    // Published, it is found again where it is.
    reclaim: async () => false,

    async discard(why = refuse('unavailable', 'The upload begins again. Ask for its status.')) {
      await underWay.refuse(id, why);
      try {
        await construction.discard();
      } catch (error) {
        if (!isBucketAway(error)) throw error;
        home.fault(error);
      }
    },
  };
}

/** Where chunks belong in the file of their part. */
const inPart = ({ offset }: StagedPart, chunks: readonly PlacedChunk[]): ByteRange[] =>
  rangesOf(chunks).map(([position, length]) => [position - offset, length]);
