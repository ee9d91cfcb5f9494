import { GiB, KiB, MiB } from '../bytes.ts';

/**
 * Content-defined chunking, FastCDC (Xia et al., USENIX ATC 2016) with normalised chunking level 2 and a 32-bit
 * gear hash. A cut depends only on the bytes since the last cut, so chunking may resume at any chunk's end.
 *
 * `fastcdc-1` fixes the gear table, the classes and the masks for ever: changing any of them changes every
 * content id. A new idea becomes `fastcdc-2`.
 */
export const CHUNKER = 'fastcdc-1';

/** Chunk sizes in bytes; the masks select how many of the hash's top bits must be zero at a cut. */
export interface ChunkClass {
  readonly min: number;
  readonly average: number;
  readonly max: number;
  /** Before the average: a harder test, so that short chunks are rare. */
  readonly strictMask: number;
  /** After the average: an easier one, so that long chunks are rare. */
  readonly looseMask: number;
}

const topBits = (count: number): number => (-1 << (32 - count)) | 0;

function chunkClass(averageBits: number): ChunkClass {
  const average = 2 ** averageBits;
  return {
    min: average / 4,
    average,
    max: average * 4,
    strictMask: topBits(averageBits + 2),
    looseMask: topBits(averageBits - 2),
  };
}

const CLASSES = { small: chunkClass(18), medium: chunkClass(20), large: chunkClass(22) } as const;

/**
 * The class is a function of the file's size alone, so that equal content has equal ids wherever it was chunked.
 * The borders lie well away from sizes that files like to have: crossing one re-sends the file once.
 */
export function chunkClassFor(size: number): ChunkClass {
  if (size <= 6 * GiB) return CLASSES.small;
  if (size <= 96 * GiB) return CLASSES.medium;
  return CLASSES.large;
}

/** Largest chunk of any class. A chunker's buffer must hold at least one of these. */
export const MAX_CHUNK_BYTES = CLASSES.large.max;
/** Smallest chunk of any class, but for a file's last. */
export const MIN_CHUNK_BYTES = 64 * KiB;

/** A random number for every byte, 32 bits: mulberry32 from the seed 0x64726674 (`drft`). */
export const GEAR: Int32Array = (() => {
  const table = new Int32Array(256);
  let state = 0x64726674;
  for (let i = 0; i < 256; i += 1) {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    table[i] = t ^ (t >>> 14);
  }
  return table;
})();

/** The hash at which the last scan ended; a second result of `scan` that costs no object. */
let scanned = 0;

/**
 * Index of the first cut in (from, to], or 0 when none is there; the hash so far comes in. Every `| 0` tells the
 * compiler that a number stays a 32-bit integer: without them the loop takes three times as long.
 */
function scan(bytes: Uint8Array, from: number, to: number, mask: number, start: number): number {
  const gear = GEAR;
  let hash = start | 0;
  let i = from | 0;
  for (const unrolled = to - 7; i < unrolled; i += 8) {
    hash = ((hash << 1) + (gear[bytes[i] as number] as number)) | 0;
    if ((hash & mask) === 0) return i + 1;
    hash = ((hash << 1) + (gear[bytes[i + 1] as number] as number)) | 0;
    if ((hash & mask) === 0) return i + 2;
    hash = ((hash << 1) + (gear[bytes[i + 2] as number] as number)) | 0;
    if ((hash & mask) === 0) return i + 3;
    hash = ((hash << 1) + (gear[bytes[i + 3] as number] as number)) | 0;
    if ((hash & mask) === 0) return i + 4;
    hash = ((hash << 1) + (gear[bytes[i + 4] as number] as number)) | 0;
    if ((hash & mask) === 0) return i + 5;
    hash = ((hash << 1) + (gear[bytes[i + 5] as number] as number)) | 0;
    if ((hash & mask) === 0) return i + 6;
    hash = ((hash << 1) + (gear[bytes[i + 6] as number] as number)) | 0;
    if ((hash & mask) === 0) return i + 7;
    hash = ((hash << 1) + (gear[bytes[i + 7] as number] as number)) | 0;
    if ((hash & mask) === 0) return i + 8;
  }
  for (; i < to; i += 1) {
    hash = ((hash << 1) + (gear[bytes[i] as number] as number)) | 0;
    if ((hash & mask) === 0) return i + 1;
  }
  scanned = hash;
  return 0;
}

/**
 * Length in bytes of the chunk that begins at `start`. `end` bounds the bytes at hand; unless they are the file's
 * last, at least `max` bytes must be there, so that the answer is final.
 */
export function chunkLength(bytes: Uint8Array, start: number, end: number, sizes: ChunkClass): number {
  const available = end - start;
  if (available <= sizes.min) return available;
  const limit = start + Math.min(available, sizes.max);
  const centre = Math.min(start + sizes.average, limit);
  const strict = scan(bytes, start + sizes.min, centre, sizes.strictMask, 0);
  if (strict > 0) return strict - start;
  const loose = scan(bytes, centre, limit, sizes.looseMask, scanned);
  return (loose > 0 ? loose : limit) - start;
}

/** Upper bound of a single read that keeps a chunker busy: several chunks of the common class. */
export const CHUNKER_BUFFER_BYTES = 4 * MiB;
