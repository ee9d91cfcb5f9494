import { MiB } from '../../../shared/bytes.ts';
import type { Found, Job } from '../found.ts';
import { CAREFUL, sharp } from './decoder.ts';
import { readAt } from './head.ts';
import { PHOTOSHOP } from './kinds.ts';
import { isOfDisk } from './ofDisk.ts';
import { DAMAGED } from './reasons.ts';
import { makeThumbnails } from './thumbnails.ts';

/** Of the resource that holds a JPEG of the whole picture, and of its head before the JPEG. */
const THUMBNAIL = 1_036;
const THUMBNAIL_HEAD = 28;
const THUMBNAIL_MAX = 4 * MiB;
const RESOURCES_MAX = 2_000;

/** The size of a Photoshop picture, and the preview that Photoshop put into it: its layers are never decoded. */
export async function lookAtPhotoshop(job: Job): Promise<Found> {
  const head = await readAt(job.path, 0, 30);
  if (head.length < 30) return { mime: PHOTOSHOP, reason: DAMAGED.picture };
  const [height, width] = [head.readUInt32BE(14), head.readUInt32BE(18)];
  const facts: Found = { mime: PHOTOSHOP, codec: 'psd', ...(width > 0 && height > 0 && { width, height }) };
  const jpeg = await preview(job.path, 30 + head.readUInt32BE(26));
  if (!jpeg) return { ...facts, reason: 'This Photoshop file was saved without a preview.' };
  try {
    return { ...facts, ...(await makeThumbnails(sharp(jpeg, CAREFUL), job)) };
  } catch (error) {
    if (isOfDisk(error)) throw error;
    return { ...facts, reason: DAMAGED.picture };
  }
}

/**
 * Goes through the image resources from head to head. One is `8BIM`, its number, a name (its length first, padded to
 * even), the length of its data, and the data, padded to even.
 */
async function preview(path: string, section: number): Promise<Buffer | undefined> {
  const length = await readAt(path, section, 4);
  if (length.length < 4) return undefined;
  const end = section + 4 + length.readUInt32BE(0);
  let at = section + 4;
  for (let i = 0; i < RESOURCES_MAX && at + 12 <= end; i += 1) {
    const head = await readAt(path, at, 4 + 2 + 256 + 4);
    if (head.length < 12 || head.toString('latin1', 0, 4) !== '8BIM') return undefined;
    const nameBytes = 1 + head.readUInt8(6);
    const sizeAt = 6 + nameBytes + (nameBytes % 2);
    if (sizeAt + 4 > head.length) return undefined;
    const size = head.readUInt32BE(sizeAt);
    const data = at + sizeAt + 4;
    if (head.readUInt16BE(4) === THUMBNAIL) {
      if (size <= THUMBNAIL_HEAD || size > THUMBNAIL_MAX) return undefined;
      return readAt(path, data + THUMBNAIL_HEAD, size - THUMBNAIL_HEAD);
    }
    at = data + size + (size % 2);
  }
  return undefined;
}
