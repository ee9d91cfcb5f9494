import { isNotThere } from '../content/notThere.ts';
import type { SpoolFile } from '../content/s3/spool.ts';
import type { Stores } from '../content/stores.ts';
import type { ToLookAt } from './queue.ts';

/** What one look may bring from a bucket to this disk, but for a file that is larger by itself. */
const LENT_BYTES = 64 * 2 ** 20;

/** Files that objects can be looked into, however they are stored. */
export interface Lent {
  readonly paths: ReadonlyMap<string, string>;
  giveBack(): Promise<void>;
}

/**
 * Brings objects that lie in a bucket to this disk for a look: the first of them, as many as go together. Those on the
 * disk are looked into where they are.
 */
export async function lend(stores: Pick<Stores, 'bucket'>, objects: readonly ToLookAt[]): Promise<Lent> {
  const paths = new Map<string, string>();
  const files: SpoolFile[] = [];
  const giveBack = async (): Promise<void> => {
    for (const file of files) await file.remove();
  };
  let brought = 0;
  try {
    for (const { objectId, store, key, size, path } of objects) {
      const bucket = store === 's3' ? stores.bucket : null;
      if (!bucket) {
        paths.set(objectId, path);
        continue;
      }
      if (brought > 0 && brought + size > LENT_BYTES) continue;
      brought += size;
      const file = bucket.spool.file();
      files.push(file);
      paths.set(objectId, file.path);
      try {
        await file.lay(await bucket.read(key, 0, size), 0, size);
      } catch (error) {
        // Its row is going: the look finds nothing either.
        if (!isNotThere(error)) throw error;
      }
    }
    return { paths, giveBack };
  } catch (error) {
    await giveBack();
    throw error;
  }
}
