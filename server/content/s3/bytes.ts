import type { Readable } from 'node:stream';
import { NotThere } from '../notThere.ts';
import type { Bytes, ObjectKey } from '../store.ts';
import type { Bucket } from './bucket.ts';
import { isGone, isPassing } from './persist.ts';

/** So often a range is asked for again without a single byte in between. */
const BARREN_TRIES = 5;

/**
 * A range of an object, as it is asked for. Where the connection breaks, or was silent because whoever reads was slow,
 * the rest is asked for from there. Rejects at once when the object is not there.
 */
export async function readObject(bucket: Bucket, key: ObjectKey, start: number, length: number): Promise<Bytes> {
  try {
    if (length > 0) return resumed(bucket, key, start, length, await bucket.get(key, start, length));
  } catch (error) {
    throw isGone(error) ? new NotThere(key) : error;
  }
  if (!(await bucket.head(key))) throw new NotThere(key);
  return NOTHING;
}

const NOTHING: Bytes = { async *[Symbol.asyncIterator]() {} };

async function* resumed(
  bucket: Bucket,
  key: ObjectKey,
  start: number,
  length: number,
  first: { readonly body: Readable; readonly etag: string },
): AsyncGenerator<Uint8Array> {
  let { body } = first;
  let left = length;
  for (let barren = 0; ; barren += 1) {
    try {
      for await (const piece of body as AsyncIterable<Uint8Array>) {
        left -= piece.length;
        barren = 0;
        yield piece;
      }
      if (left === 0) return;
    } catch (error) {
      if (!isPassing(error) || barren >= BARREN_TRIES) throw error;
    }
    if (barren >= BARREN_TRIES) throw new Error(`The stored object ${key} is shorter than recorded.`);
    ({ body } = await bucket.get(key, start + length - left, left, first.etag));
  }
}
