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

/** Keeps whole objects. Everything it has confirmed survives a power cut. */
export interface ContentStore {
  /** As it stands in an object's row, so that objects of several stores can live side by side. */
  readonly name: string;
  /** Opens `length` bytes from `start`; they are read as they are asked for. Rejects when the object is not there. */
  read(key: ObjectKey, start: number, length: number): Promise<Bytes>;
  /** A whole small object. */
  readWhole(key: ObjectKey, size: number): Promise<Buffer>;
  /** Stores small objects as one group: durable together when the promise resolves. */
  putSmall(objects: readonly SmallObject[]): Promise<void>;
  /** Bytes that new content may take. */
  room(): Promise<number>;
  /** Stored files that were last written before this (Unix ms), known or not, some at a time. */
  olderThan(before: number): AsyncIterable<readonly StoredFile[]>;
  /** Removes objects; one that is not there is removed already. */
  remove(keys: readonly ObjectKey[]): Promise<void>;
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

/** An object while its parts arrive, in any order, each at its final place. */
export interface StagedObject {
  /** Begins to receive a part: bytes that belong into these ranges one after the other, and must be these chunks. */
  receive(ranges: readonly ByteRange[], chunks: readonly ExpectedChunk[]): PartReceiver;
  /** Copies bytes of a stored object into place, with bounded memory. Stops early once the signal says so. */
  copy(from: ObjectKey, start: number, length: number, position: number, signal: AbortSignal): Promise<void>;
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

export interface PartReceiver {
  /** The next bytes; their memory is the receiver's from now on. Resolves when there is room for more. */
  take(pieces: readonly Uint8Array[]): Promise<void>;
  /** There are no more. How many chunks, from the first on, were right and are written; rejects with what the disk said. */
  finish(): Promise<number>;
  /** Lets go of it; nothing after `finish`. */
  drop(): void;
}
