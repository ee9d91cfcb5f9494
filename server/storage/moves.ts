import type { ObjectKey } from '../content/store.ts';
import type { Db } from '../db/schema.ts';

/** An object that lies on the disk, and is to lie in the bucket. */
export interface Moving {
  readonly id: string;
  readonly key: ObjectKey;
  readonly size: number;
  readonly chunk_list: Uint8Array;
}

/** The next objects of a store, by their ids. */
export const objectsIn = (db: Db, store: string, after: string, limit: number): Promise<Moving[]> =>
  db
    .selectFrom('objects')
    .select(['id', 'key', 'size', 'chunk_list'])
    .where('store', '=', store)
    .where('id', '>', after)
    .orderBy('id')
    .limit(limit)
    .execute();

/** Says that an object lies in the bucket from now on. False: somebody has let go of it meanwhile. */
export async function nowInBucket(db: Db, id: string, from: string): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('objects')
    .set({ store: 's3' })
    .where('id', '=', id)
    .where('store', '=', from)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}
