import { mkdir, rename, unlink } from 'node:fs/promises';
import { encode } from 'blurhash';
import type { Sharp } from 'sharp';
import { THUMBNAIL_SIZES, type ThumbnailSize } from '../../../shared/api/media.ts';
import type { Job } from '../found.ts';
import { thumbnailName } from '../thumbnailFile.ts';
import { sharp } from './decoder.ts';

const [, , LARGEST] = THUMBNAIL_SIZES;
/** More effort takes twice the time for a fortieth of the size. */
const WEBP = { quality: 78, alphaQuality: 90, effort: 2 } as const;

export interface Made {
  readonly thumbnail: ThumbnailSize;
  readonly blurhash?: string | undefined;
}

/**
 * Writes the thumbnails of a picture: decoded once, and then always made smaller from what is there. Whoever reads one
 * sees it whole or not at all. `blurred`: with a blurhash, which says nothing about a picture that is mostly empty.
 */
export async function makeThumbnails(picture: Sharp, job: Job, blurred = true): Promise<Made> {
  const { data, info } = await picture
    .resize(LARGEST, LARGEST, { fit: 'inside', withoutEnlargement: true })
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  const raw = { width: info.width, height: info.height, channels: info.channels };
  const longer = Math.max(info.width, info.height);
  const thumbnail = THUMBNAIL_SIZES.find((size) => size >= longer) ?? LARGEST;

  await mkdir(job.thumbnails, { recursive: true, mode: 0o700 });
  for (const size of THUMBNAIL_SIZES.filter((each) => each <= thumbnail)) {
    const path = `${job.thumbnails}/${thumbnailName(job.objectId, size)}`;
    const fresh = `${path}.new`;
    try {
      await sharp(data, { raw })
        .resize(size, size, { fit: 'inside', withoutEnlargement: true })
        .webp(WEBP)
        .toFile(fresh);
      await rename(fresh, path);
    } catch (error) {
      await unlink(fresh).catch(() => undefined);
      throw error;
    }
  }
  return { thumbnail, blurhash: blurred ? await blurhashOf(sharp(data, { raw }), longer === info.width) : undefined };
}

async function blurhashOf(picture: Sharp, landscape: boolean): Promise<string> {
  const { data, info } = await picture
    .flatten({ background: '#808080' })
    .resize(32, 32, { fit: 'inside' })
    .toColourspace('srgb')
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const [x, y] = landscape ? [4, 3] : [3, 4];
  return encode(new Uint8ClampedArray(data), info.width, info.height, x, y);
}
