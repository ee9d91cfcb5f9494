import type { ByteRange } from '../../../shared/api/uploads.ts';
import type { ChunkVerifier } from './chunkVerifier.ts';

/** Writes the pieces one after the other from `position` on. Throws what the disk says. */
export type WriteAt = (pieces: readonly Uint8Array[], position: number) => void;

/**
 * Takes the bytes of one part in order, holds them against their chunks and lays them into the ranges that they are
 * made of. What comes after a fault or a wrong chunk is only passed over.
 */
export class RangeWriter {
  readonly #ranges: readonly ByteRange[];
  readonly #verifier: ChunkVerifier;
  readonly #write: WriteAt;
  #range = 0;
  #within = 0;
  /** What the disk said; nothing is written any more. */
  fault: unknown;

  constructor(ranges: readonly ByteRange[], verifier: ChunkVerifier, write: WriteAt) {
    this.#ranges = ranges;
    this.#verifier = verifier;
    this.#write = write;
  }

  /** Chunks from the first on whose bytes were right, and are written. */
  get chunks(): number {
    return this.fault === undefined ? this.#verifier.passed : 0;
  }

  take(pieces: readonly Uint8Array[]): void {
    if (!this.#verifier.sound || this.fault !== undefined) return;
    for (const piece of pieces) this.#verifier.update(piece);
    try {
      this.#lay(pieces);
    } catch (error) {
      this.fault = error;
    }
  }

  #lay(pieces: readonly Uint8Array[]): void {
    let rest = pieces;
    while (rest.length > 0) {
      const range = this.#ranges[this.#range];
      if (!range) return;
      const [position, length] = range;
      const { taken, left } = split(rest, length - this.#within);
      this.#write(taken, position + this.#within);
      this.#within += bytesIn(taken);
      if (this.#within === length) {
        this.#range += 1;
        this.#within = 0;
      }
      rest = left;
    }
  }
}

const bytesIn = (pieces: readonly Uint8Array[]): number => pieces.reduce((sum, piece) => sum + piece.length, 0);

/** The first `bytes` bytes, and what comes after them. */
function split(
  pieces: readonly Uint8Array[],
  bytes: number,
): { taken: readonly Uint8Array[]; left: readonly Uint8Array[] } {
  let before = 0;
  for (const [i, piece] of pieces.entries()) {
    const room = bytes - before;
    if (piece.length >= room) {
      const left = piece.length === room ? pieces.slice(i + 1) : [piece.subarray(room), ...pieces.slice(i + 1)];
      return { taken: [...pieces.slice(0, i), piece.subarray(0, room)], left };
    }
    before += piece.length;
  }
  return { taken: pieces, left: [] };
}
