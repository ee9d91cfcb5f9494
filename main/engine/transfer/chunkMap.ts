import type { Chunk } from '../../../shared/chunking/contentId.ts';
import type { ChunkHash } from '../../../shared/ids.ts';

/** Where each chunk of a file being put together lies, and which of them are there and verified. */
export class ChunkMap {
  readonly chunks: readonly PlacedChunk[];
  readonly #verified: Uint8Array;
  #verifiedBytes = 0;

  constructor(chunks: readonly Chunk[]) {
    this.chunks = place(chunks);
    this.#verified = new Uint8Array(chunks.length);
  }

  get verifiedBytes(): number {
    return this.#verifiedBytes;
  }

  verify(chunk: PlacedChunk): void {
    if (this.#verified[chunk.index] === 1) return;
    this.#verified[chunk.index] = 1;
    this.#verifiedBytes += chunk.length;
  }

  get missing(): readonly PlacedChunk[] {
    return this.chunks.filter(({ index }) => this.#verified[index] === 0);
  }

  /**
   * The missing chunks as runs of neighbours. Runs with less than `gapBytes` between them are one: fetching a little
   * again costs less than another request.
   */
  missingRuns(gapBytes: number): readonly ChunkRun[] {
    const runs: { first: number; last: number }[] = [];
    for (const { index, offset } of this.missing) {
      const run = runs.at(-1);
      if (run !== undefined && offset - this.#endOf(run.last) <= gapBytes) run.last = index;
      else runs.push({ first: index, last: index });
    }
    return runs.map(({ first, last }) => {
      const chunks = this.chunks.slice(first, last + 1);
      return { start: chunks[0]?.offset ?? 0, end: this.#endOf(last), chunks };
    });
  }

  #endOf(index: number): number {
    const chunk = this.chunks[index];
    return chunk === undefined ? 0 : chunk.offset + chunk.length;
  }
}

export interface PlacedChunk {
  readonly index: number;
  readonly offset: number;
  readonly length: number;
  readonly hash: ChunkHash;
}

/** Neighbouring chunks: bytes [start, end) of the file. */
export interface ChunkRun {
  readonly start: number;
  readonly end: number;
  readonly chunks: readonly PlacedChunk[];
}

export function place(chunks: readonly Chunk[]): PlacedChunk[] {
  let offset = 0;
  return chunks.map(([hash, length], index) => {
    offset += length;
    return { index, offset: offset - length, length, hash };
  });
}
