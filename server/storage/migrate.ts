import { readFile, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { objectsHeld } from '../backup/hold.ts';
import { decodeChunkList } from '../content/chunkList.ts';
import { diskReader } from '../content/diskReader.ts';
import { ChunkVerifier } from '../content/receiving/chunkVerifier.ts';
import type { Bucket } from '../content/s3/bucket.ts';
import { copyWhole } from '../content/s3/wholeCopy.ts';
import type { ObjectKey, StoreReader } from '../content/store.ts';
import { isServed } from '../dataFolder.ts';
import type { Databases } from '../db/connect.ts';
import { thumbnailsOlderThan } from '../media/thumbnailFile.ts';
import { thumbnailKeyOf } from '../media/thumbnails.ts';
import { type Moving, nowInBucket, objectsIn } from './moves.ts';

const AT_A_TIME = 200;
/** A server that serves may have looked a row up just before it changed: its file stays so long, in ms. */
const GRACE_MS = 60_000;

export interface Migrated {
  readonly objects: number;
  readonly bytes: number;
  readonly thumbnails: number;
  /** Keys of files that are missing or not as recorded. They stay where they are; `check --deep` tells more. */
  readonly damaged: readonly ObjectKey[];
  /** Files that were removed from the disk, since the bucket has them. */
  readonly removed: number;
  /** Why the files are still on the disk; undefined: they are not. */
  readonly kept: string | undefined;
}

export interface Migration {
  readonly db: Databases;
  readonly data: string;
  readonly bucket: Bucket;
  /** Hears how far it is. */
  readonly progress: (objects: number, bytes: number) => void;
  readonly graceMs?: number;
}

/**
 * Moves everything from the disk into the bucket, beside a server that serves or without one. Each file is held against
 * its chunk list, the bucket takes nothing but those very bytes, and only then does the row say where it lies. Cut short,
 * it goes on where it was when it is called again.
 */
export async function migrate(migration: Migration): Promise<Migrated> {
  const { db, data, bucket } = migration;
  const disk = diskReader(data);
  const damaged: ObjectKey[] = [];
  let objects = 0;
  let bytes = 0;
  for (let after = ''; ; ) {
    const page = await objectsIn(db.read, 'disk', after, AT_A_TIME);
    for (const object of page) {
      if (await moveOne(migration, disk, object)) {
        objects += 1;
        bytes += object.size;
      } else damaged.push(object.key);
      migration.progress(objects, bytes);
    }
    const last = page.at(-1);
    if (!last) break;
    after = last.id;
  }
  const thumbnails = await moveThumbnails(data, bucket);
  return { objects, bytes, thumbnails, damaged, ...(await removeFiles(migration, disk)) };
}

/** False: the file is not what its row says. */
async function moveOne({ db, bucket }: Migration, disk: StoreReader, object: Moving): Promise<boolean> {
  const { id, key, size } = object;
  if (!(await isSound(disk, object))) return false;
  await copyWhole(
    bucket,
    (from, start, length) => disk.read(from.key, start, length),
    { store: 'disk', key },
    key,
    size,
  );
  // Somebody has let go of it meanwhile, and of its row: nobody else would remove it.
  if (!(await nowInBucket(db.write, id, 'disk'))) await bucket.remove([key]);
  return true;
}

async function isSound(disk: StoreReader, { key, size, chunk_list }: Moving): Promise<boolean> {
  if ((await disk.sizeOf(key)) !== size) return false;
  const chunks = decodeChunkList(chunk_list);
  const verifier = new ChunkVerifier(chunks.map(([hash, length]) => ({ hash, length })));
  for await (const piece of await disk.read(key, 0, size)) verifier.update(piece);
  return verifier.whole;
}

async function moveThumbnails(data: string, bucket: Bucket): Promise<number> {
  let moved = 0;
  for await (const files of thumbnailsOlderThan(data, Date.now())) {
    for (const { path, whole } of files) {
      if (!whole) continue;
      await bucket.putBytes(thumbnailKeyOf(data, path), await readFile(path));
      await unlink(path);
      moved += 1;
    }
  }
  return moved;
}

/** Files of objects that the bucket has, be it since an earlier run. */
async function removeFiles(
  { db, data, bucket, graceMs = GRACE_MS }: Migration,
  disk: StoreReader,
): Promise<Pick<Migrated, 'removed' | 'kept'>> {
  if (isServed(data)) await setTimeout(graceMs);
  if (await objectsHeld(db.read, Date.now())) {
    return {
      removed: 0,
      kept: 'A backup is being made. Run this again when it is done, to remove them from the disk.',
    };
  }
  let removed = 0;
  for (let after = ''; ; ) {
    const page = await objectsIn(db.read, 's3', after, AT_A_TIME);
    for (const { key, size } of page) {
      if ((await disk.sizeOf(key)) === undefined || (await bucket.head(key))?.size !== size) continue;
      await unlink(join(data, key));
      removed += 1;
    }
    const last = page.at(-1);
    if (!last) return { removed, kept: undefined };
    after = last.id;
  }
}
