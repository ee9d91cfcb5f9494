import type { Metadata } from 'sharp';
import type { Found, Job } from '../found.ts';
import { CAREFUL, PIXELS_MAX, sharp, WHOLE_PIXELS_MAX } from './decoder.ts';
import { readExif } from './exif.ts';
import { isOfDisk } from './ofDisk.ts';
import { DAMAGED } from './reasons.ts';
import { makeThumbnails } from './thumbnails.ts';

const DECODED_WHOLE = ['image/avif', 'image/webp'];
/** These stand on their side. */
const TURNED = [5, 6, 7, 8];

/** Facts and thumbnails of a picture; the size that the head tells is judged before anything is decoded. */
export async function lookAtPicture(job: Job, mime: string): Promise<Found> {
  let metadata: Metadata;
  try {
    metadata = await sharp(job.path, { ...CAREFUL, limitInputPixels: false }).metadata();
  } catch {
    return { mime, reason: DAMAGED.picture };
  }
  const facts = factsOf(metadata, mime);
  const pixels = metadata.width * metadata.height;
  if (pixels > (DECODED_WHOLE.includes(mime) ? WHOLE_PIXELS_MAX : PIXELS_MAX)) {
    return { ...facts, reason: `With ${Math.round(pixels / 1e6)} megapixels it is too large for a thumbnail.` };
  }
  try {
    return { ...facts, ...(await makeThumbnails(sharp(job.path, CAREFUL).autoOrient(), job)) };
  } catch (error) {
    if (isOfDisk(error)) throw error;
    return { ...facts, reason: DAMAGED.picture };
  }
}

function factsOf(metadata: Metadata, mime: string): Found {
  const { width, height, orientation = 1, exif, format, compression } = metadata;
  const turned = TURNED.includes(orientation);
  return {
    mime,
    width: turned ? height : width,
    height: turned ? width : height,
    codec: compression ?? format,
    ...(exif && readExif(exif)),
  };
}
