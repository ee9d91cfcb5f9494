import type { ByteRange } from '../../shared/api/uploads.ts';
import type { UploadId } from '../../shared/ids.ts';
import type { Refusal } from '../refusal.ts';
import type { ExpectedPart } from './checking/messages.ts';
import type { ExpectedChunk } from './receiving/chunkVerifier.ts';

/**
 * Where an object lies inside its store: `users/<user id>/<type folder>/<object id><extension>`, or in quarantine
 * `quarantine/<user id>/<id>`.
 */
export type ObjectKey = string;

/** Looks at stored objects. */
export interface StoreReader {
  /** Opens `length` bytes from `start`; they are read as they are asked for. Rejects when the object is not there. */
  read(key: ObjectKey, start: number, length: number): Promise<Bytes>;
  /** In bytes; undefined: it is not there. */
  sizeOf(key: ObjectKey): Promise<number | undefined>;
  /** Stored files that were last written before this (Unix ms), known or not, some at a time. */
  olderThan(before: number): AsyncIterable<readonly StoredFile[]>;
}

/** Keeps whole objects. Everything it has confirmed survives a power cut. */
export interface ContentStore extends StoreReader {
  /** As it stands in an object's row, so that objects of several stores can live side by side. */
  readonly name: string;
  /** A whole small object. */
  readWhole(key: ObjectKey, size: number): Promise<Buffer>;
  /** Stores small objects as one group: durable together when the promise resolves. */
  putSmall(objects: readonly SmallObject[]): Promise<void>;
  /** Bytes that new content may take. */
  room(): Promise<number>;
  /** Removes objects; one that is not there is removed already. */
  remove(keys: readonly ObjectKey[]): Promise<void>;
  /** Copies a whole object, from whichever store it lies in, durably to a new key. */
  copy(from: StoredAt, key: ObjectKey, size: number): Promise<void>;
  /** The object under construction of an upload. */
  staged(id: UploadId): StagedObject;
  /** Uploads that have something staged. */
  stagedIds(): Promise<string[]>;
  /** Finishes what is still on its way to the disk. */
  close(): Promise<void>;
}

/** Pieces of content, in order. Each is good only until the next is asked for: its memory is used again. */
export type Bytes = AsyncIterable<Uint8Array>;

/** A file of the store. `id` is that of the object that it was made for. */
export interface StoredFile {
  readonly key: ObjectKey;
  readonly id: string;
}

export interface SmallObject {
  readonly key: ObjectKey;
  readonly bytes: Uint8Array;
}

/** Where an object lies: its key, and the name of the store that holds it. */
export interface StoredAt {
  readonly store: string;
  readonly key: ObjectKey;
}

/** Reads of an object in whichever store it lies. */
export type ReadStored = (from: StoredAt, start: number, length: number) => Promise<Bytes>;

/** `length` bytes at `position` of an object under construction, which lie at `start` of a stored one. */
export interface CopiedRun {
  readonly from: StoredAt;
  readonly start: number;
  readonly length: number;
  readonly position: number;
}

/** A chunk, and where it belongs in the object. */
export interface PlacedChunk extends ExpectedChunk {
  readonly position: number;
}

/** A part of an object's plan: where it lies in the object, and what of it is copied. */
export interface StagedPart {
  readonly part: number;
  readonly offset: number;
  readonly length: number;
  readonly copies: readonly CopiedRun[];
}

/** A part of which some chunks come now: all that the client sends of it but for those that are there already. */
export interface ComingPart extends StagedPart {
  readonly before: readonly PlacedChunk[];
  readonly coming: readonly PlacedChunk[];
}

/** An object while its parts arrive, in any order. */
export interface StagedObject {
  /** Begins to receive a part: bytes that must be the coming chunks, one after the other. */
  receive(part: ComingPart): PartReceiver;
  /**
   * Copies what a part takes from stored objects, with bounded memory; `whole`: it consists of nothing else. Stops early
   * once the signal says so. Resolves to whether it did anything.
   */
  fill(part: StagedPart, whole: boolean, signal: AbortSignal): Promise<boolean>;
  /** Bytes that it takes on the disk by now. */
  held(): Promise<number>;
  /** For each part how many chunks are there and right, from its first on; the serving thread stays free meanwhile. */
  check(parts: readonly ExpectedPart[]): Promise<number[]>;
  /** Brings what was written so far to the disk. */
  sync(): Promise<void>;
  /** Makes it durable under its key; `size` is checked. */
  publish(key: ObjectKey, size: number): Promise<void>;
  /** Takes an object that was published, but never recorded, back to be staged. False when there is none. */
  reclaim(key: ObjectKey): Promise<boolean>;
  /** Removes it; parts that are still being received end with this reason. */
  discard(why?: Refusal): Promise<void>;
}

/** Where these chunks lie, neighbours as one. */
export function rangesOf(chunks: readonly PlacedChunk[]): ByteRange[] {
  const ranges: [number, number][] = [];
  for (const { position, length } of chunks) {
    const last = ranges.at(-1);
    if (last && last[0] + last[1] === position) last[1] += length;
    else ranges.push([position, length]);
  }
  return ranges;
}

export interface PartReceiver {
  /** The next bytes; their memory is the receiver's from now on. Resolves when there is room for more. */
  take(pieces: readonly Uint8Array[]): Promise<void>;
  /** There are no more. How many chunks, from the first on, were right and are written; rejects with what the disk said. */
  finish(): Promise<number>;
  /** Lets go of it; nothing after `finish`. */
  drop(): void;
}
