import { readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { THUMBNAIL_SIZES, type ThumbnailSize } from '../../shared/api/media.ts';
import type { UserId } from '../../shared/ids.ts';
import { isMissing } from '../content/durable.ts';
import type { Bucket } from '../content/s3/bucket.ts';
import type { ObjectKey } from '../content/store.ts';
import { removeThumbnails, thumbnailFolder, thumbnailName } from './thumbnailFile.ts';

/** Where thumbnails are kept: in the bucket where there is one, so that every copy of the server has them. */
export interface Thumbnails {
  /** Undefined: it is gone, or a power cut came before its bytes. */
  read(userId: UserId, objectId: string, size: ThumbnailSize): Promise<Uint8Array | undefined>;
  /** Takes what a look has written on this disk to where it is kept. */
  takeIn(userId: UserId, objectId: string): Promise<void>;
  remove(userId: UserId, objectIds: readonly string[]): Promise<void>;
}

export function thumbnailsOf(data: string, bucket: Bucket | null): Thumbnails {
  const pathOf = (userId: UserId, objectId: string, size: ThumbnailSize): string =>
    join(thumbnailFolder(data, userId), thumbnailName(objectId, size));
  return {
    async read(userId, objectId, size) {
      return (
        (await bucket?.whole(thumbnailKey(userId, objectId, size))) ??
        (await readIfThere(pathOf(userId, objectId, size)))
      );
    },

    async takeIn(userId, objectId) {
      if (!bucket) return;
      for (const size of THUMBNAIL_SIZES) {
        const bytes = await readIfThere(pathOf(userId, objectId, size));
        if (bytes) await bucket.putBytes(thumbnailKey(userId, objectId, size), bytes);
      }
      await removeThumbnails(data, userId, objectId);
    },

    async remove(userId, objectIds) {
      const keys = objectIds.flatMap((id) => THUMBNAIL_SIZES.map((size) => thumbnailKey(userId, id, size)));
      if (keys.length > 0) await bucket?.remove(keys);
      for (const id of objectIds) await removeThumbnails(data, userId, id);
    },
  };
}

const thumbnailKey = (userId: UserId, objectId: string, size: ThumbnailSize): ObjectKey =>
  `users/${userId}/thumbnails/${thumbnailName(objectId, size)}`;

/** The key of a thumbnail that lies in a data folder. */
export const thumbnailKeyOf = (data: string, path: string): ObjectKey => relative(data, path).split(sep).join('/');

const KEY = /^users\/[^/]+\/thumbnails\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})-\d+\.webp$/;

/** The object that a thumbnail in a bucket shows; undefined: it is none. */
export const shownBy = (key: ObjectKey): string | undefined => KEY.exec(key)?.[1];

async function readIfThere(path: string): Promise<Buffer | undefined> {
  try {
    const bytes = await readFile(path);
    return bytes.length > 0 ? bytes : undefined;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}
