import { opendir, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { THUMBNAIL_SIZES, type ThumbnailSize } from '../../shared/api/media.ts';
import type { UserId } from '../../shared/ids.ts';
import { isMissing } from '../content/durable.ts';

/** Where the thumbnails of a user's files lie: never among the objects, whose files the checks count. */
export const thumbnailFolder = (data: string, userId: UserId): string => join(data, 'users', userId, 'thumbnails');

export const thumbnailName = (objectId: string, size: ThumbnailSize): string => `${objectId}-${size}.webp`;

/** Removes what there is of an object's thumbnails. */
export async function removeThumbnails(data: string, userId: UserId, objectId: string): Promise<void> {
  for (const size of THUMBNAIL_SIZES) {
    try {
      await unlink(join(thumbnailFolder(data, userId), thumbnailName(objectId, size)));
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
  }
}

export interface ThumbnailFile {
  readonly path: string;
  /** Of the object that it shows. */
  readonly id: string;
  /** False: its writer was cut off. */
  readonly whole: boolean;
}

const AT_A_TIME = 500;
const FILE = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})-\d+\.webp(\.new)?$/;

/** Thumbnails of all users that were written before this, Unix ms. */
export async function* thumbnailsOlderThan(data: string, before: number): AsyncGenerator<readonly ThumbnailFile[]> {
  let found: ThumbnailFile[] = [];
  for (const user of await namesIn(join(data, 'users'))) {
    const folder = thumbnailFolder(data, user as UserId);
    for (const name of await namesIn(folder)) {
      const [, id, partial] = FILE.exec(name) ?? [];
      const path = join(folder, name);
      if (!id || !((await stat(path)).mtimeMs < before)) continue;
      found.push({ path, id, whole: partial === undefined });
      if (found.length < AT_A_TIME) continue;
      yield found;
      found = [];
    }
  }
  if (found.length > 0) yield found;
}

async function namesIn(folder: string): Promise<string[]> {
  const names: string[] = [];
  try {
    for await (const { name } of await opendir(folder)) names.push(name);
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
  return names;
}
