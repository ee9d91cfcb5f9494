import { MiB } from '../../../shared/bytes.ts';
import type { Found, Job } from '../found.ts';
import { sharp } from './decoder.ts';
import { type Packing, unpackedHead } from './head.ts';
import { BLENDER } from './kinds.ts';
import { DAMAGED, reasonFor } from './reasons.ts';
import { makeThumbnails } from './thumbnails.ts';

/** The preview lies near the beginning; behind so much nobody looks for it. */
const SEARCHED = 2 * MiB;
const SIDE_MAX = 512;

/** The preview that Blender put into a scene. */
export async function lookAtBlender(job: Job, packing: Packing): Promise<Found> {
  const head = await unpackedHead(job.path, packing, SEARCHED);
  const shown = preview(head);
  if (shown === undefined) return { mime: BLENDER, reason: reasonFor(BLENDER) };
  if (shown === 'damaged') return { mime: BLENDER, reason: DAMAGED.picture };
  const { width, height, pixels } = shown;
  // Its lowest row comes first.
  const upright = sharp(pixels, { raw: { width, height, channels: 4 } }).flip();
  return { mime: BLENDER, ...(await makeThumbnails(upright, job)) };
}

interface Preview {
  readonly width: number;
  readonly height: number;
  readonly pixels: Buffer;
}

/** How the blocks of a file begin: with their length at one place and their data behind the head. */
interface Layout {
  readonly first: number;
  readonly head: number;
  readonly length: (at: number) => number;
  readonly long: (at: number) => number;
}

function preview(file: Buffer): Preview | 'damaged' | undefined {
  const layout = layoutOf(file);
  if (!layout) return undefined;
  for (let at = layout.first; at + layout.head <= file.length; ) {
    const code = file.toString('latin1', at, at + 4);
    const data = at + layout.head;
    const length = layout.length(at);
    if (code === 'TEST') {
      if (length < 8 || data + 8 > file.length) return 'damaged';
      const [width, height] = [layout.long(data), layout.long(data + 4)];
      const pixels = file.subarray(data + 8, data + 8 + width * height * 4);
      const fits = width > 0 && height > 0 && width <= SIDE_MAX && height <= SIDE_MAX;
      return fits && pixels.length === width * height * 4 ? { width, height, pixels } : 'damaged';
    }
    if (code !== 'REND' && code !== 'GLOB') return undefined;
    at = data + length;
  }
  return undefined;
}

/**
 * `BLENDER`, then the size of a pointer (`_` 4, `-` 8), the byte order (`v` little, `V` big) and three digits. Since
 * version 5 the length of the head comes first (`17-01v0500`), and a block tells its length in eight bytes.
 */
function layoutOf(file: Buffer): Layout | undefined {
  const [, pointer, order] = /^BLENDER([_-])([vV])\d{3}/.exec(file.toString('latin1', 0, 12)) ?? [];
  if (pointer && order) {
    const long = order === 'v' ? (at: number) => file.readUInt32LE(at) : (at: number) => file.readUInt32BE(at);
    return { first: 12, head: pointer === '_' ? 20 : 24, length: (at) => long(at + 4), long };
  }
  if (!/^BLENDER17-\d\dv\d{4}/.test(file.toString('latin1', 0, 17))) return undefined;
  const long = (at: number) => file.readUInt32LE(at);
  return { first: 17, head: 32, length: (at) => Number(file.readBigUInt64LE(at + 16)), long };
}
