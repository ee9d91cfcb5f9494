import { MIN_COPIED_PART_BYTES } from '../../shared/api/limits.ts';
import type { ByteRange } from '../../shared/api/uploads.ts';
import { MiB } from '../../shared/bytes.ts';

/** A chunk that belongs to no part yet. */
export interface PlannedChunk {
  readonly length: number;
  /** Where the user already has it, or undefined when it must be sent. */
  readonly source: ChunkSource | undefined;
}

export interface ChunkSource {
  readonly objectId: string;
  /** Byte position inside the object. */
  readonly position: number;
}

/** `length` bytes at `position` of the new file, taken from `from` on of a stored object. */
export interface CopyRun {
  readonly position: number;
  readonly length: number;
  readonly objectId: string;
  readonly from: number;
}

export interface PartPlan {
  readonly position: number;
  readonly length: number;
  readonly chunkCount: number;
  /** Sent by the client, one after the other; empty when the server has it all. */
  readonly send: readonly ByteRange[];
  readonly copies: readonly CopyRun[];
}

/** A reused run that goes on and on is cut at this length, so that what is pending stays short. */
const COPY_PART_LIMIT = 64 * MiB;

/**
 * Cuts the chunks from `position` on into parts and returns those that are final: whatever chunks follow, they would be
 * the same. The rest waits for more chunks, or for `last`. Parts are chunk-aligned. Sending parts end at the first
 * chunk border at or after `partSize` (but the file's last); short reused runs inside them are left out of `send`. A run
 * of reused chunks of at least `copiedPartSize` is a part of its own, which no byte passes through the client for.
 */
export function planParts(
  chunks: readonly PlannedChunk[],
  position: number,
  partSize: number,
  last: boolean,
  copiedPartSize = MIN_COPIED_PART_BYTES,
): PartPlan[] {
  const parts: PartPlan[] = [];
  let first = 0;
  let at = position;
  while (first < chunks.length) {
    const count = reusedPart(chunks, first, last, copiedPartSize) ?? sendingPart(chunks, first, partSize, last);
    if (count === 0) break;
    const part = partOf(chunks.slice(first, first + count), at);
    parts.push(part);
    first += count;
    at += part.length;
  }
  return parts;
}

/** Chunks of a copy part that begins here; 0: not known yet; undefined: none begins here. */
function reusedPart(
  chunks: readonly PlannedChunk[],
  first: number,
  last: boolean,
  partSize: number,
): number | undefined {
  const limit = Math.max(COPY_PART_LIMIT, partSize);
  let length = 0;
  let next = first;
  while (length < limit && continues(chunks, first, next)) {
    length += chunks[next]?.length ?? 0;
    next += 1;
  }
  if (next === first) return undefined;
  const open = next === chunks.length && !last && length < limit;
  if (open) return 0;
  return length >= partSize ? next - first : undefined;
}

/** Whether chunk `next` lies right behind its predecessor in the same stored object (or is the run's first). */
function continues(chunks: readonly PlannedChunk[], first: number, next: number): boolean {
  const source = chunks[next]?.source;
  if (!source || next === first) return source !== undefined;
  const before = chunks[next - 1];
  return before?.source?.objectId === source.objectId && before.source.position + before.length === source.position;
}

/** Chunks of a sending part that begins here; 0 while its end is not known. */
function sendingPart(chunks: readonly PlannedChunk[], first: number, partSize: number, last: boolean): number {
  let length = 0;
  for (let next = first; next < chunks.length; next += 1) {
    length += chunks[next]?.length ?? 0;
    if (length >= partSize) return next + 1 - first;
  }
  return last ? chunks.length - first : 0;
}

function partOf(chunks: readonly PlannedChunk[], position: number): PartPlan {
  const send: [number, number][] = [];
  const copies: { position: number; length: number; objectId: string; from: number }[] = [];
  let at = position;
  for (const { length, source } of chunks) {
    if (source) {
      const run = copies.at(-1);
      const joins =
        run?.objectId === source.objectId &&
        run.position + run.length === at &&
        run.from + run.length === source.position;
      if (joins) run.length += length;
      else copies.push({ position: at, length, objectId: source.objectId, from: source.position });
    } else {
      const range = send.at(-1);
      if (range && range[0] + range[1] === at) range[1] += length;
      else send.push([at, length]);
    }
    at += length;
  }
  return { position, length: at - position, chunkCount: chunks.length, send, copies };
}
