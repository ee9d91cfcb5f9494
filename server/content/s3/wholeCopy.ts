import { partSizeFor } from '../../../shared/api/limits.ts';
import { GiB } from '../../../shared/bytes.ts';
import { NotThere } from '../notThere.ts';
import type { ObjectKey, ReadStored, StoredAt } from '../store.ts';
import type { Bucket } from './bucket.ts';
import { storedPayload } from './payload.ts';

/** One request copies at most this much inside a bucket. */
const COPY_BYTES = GiB;
/** Parts that are under way at a time. */
const LANES = 3;

/** Copies a whole object into a bucket under a new key: from the same bucket without its bytes passing through here. */
export async function copyWhole(
  bucket: Bucket,
  read: ReadStored,
  from: StoredAt,
  key: ObjectKey,
  size: number,
): Promise<void> {
  const inside = from.store === 's3';
  const partSize = inside ? COPY_BYTES : partSizeFor(size);
  if (size === 0 || (!inside && size <= partSize)) {
    await bucket.put(key, await storedPayload(read, from, 0, size));
  } else {
    const source = inside ? await bucket.head(from.key) : { etag: '' };
    if (!source) throw new NotThere(from.key);
    const id = await bucket.begin(key);
    try {
      const etags = new Map<number, string>();
      const starts = Array.from({ length: Math.ceil(size / partSize) }, (_, i) => i * partSize).values();
      const lane = async (): Promise<void> => {
        for (const start of starts) {
          const number = start / partSize + 1;
          const length = Math.min(partSize, size - start);
          const etag = inside
            ? await bucket.copyPart({ key, id, number }, { key: from.key, etag: source.etag, start, length })
            : await bucket.putPart(key, id, number, await storedPayload(read, from, start, length));
          etags.set(number, etag);
        }
      };
      await Promise.all(Array.from({ length: LANES }, lane));
      await bucket.complete(key, id, etags);
    } catch (error) {
      await bucket.abort(key, id);
      throw error;
    }
  }
  const found = await bucket.head(key);
  if (found?.size !== size) throw new Error(`A copied object holds ${found?.size} bytes instead of ${size}.`);
}
