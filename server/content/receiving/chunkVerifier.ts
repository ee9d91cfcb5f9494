import { createHash, type Hash } from 'node:crypto';
import type { ChunkHash } from '../../../shared/ids.ts';

export interface ExpectedChunk {
  readonly hash: ChunkHash;
  readonly length: number;
}

/** Holds a stream of bytes against the chunks it should consist of, as the bytes pass. */
export class ChunkVerifier {
  readonly #chunks: readonly ExpectedChunk[];
  #next = 0;
  #left: number;
  #hash: Hash = createHash('sha256');
  #sound = true;

  constructor(chunks: readonly ExpectedChunk[]) {
    this.#chunks = chunks;
    this.#left = chunks[0]?.length ?? 0;
  }

  /** False once a chunk was wrong, or more came than was expected. */
  get sound(): boolean {
    return this.#sound;
  }

  /** Chunks from the first on that have passed and were right. */
  get passed(): number {
    return this.#next;
  }

  /** True when every chunk has passed and nothing else. */
  get whole(): boolean {
    return this.#sound && this.#next === this.#chunks.length;
  }

  update(bytes: Uint8Array): void {
    let at = 0;
    while (at < bytes.length && this.#sound) {
      const chunk = this.#chunks[this.#next];
      if (!chunk) {
        this.#sound = false;
        return;
      }
      const end = Math.min(bytes.length, at + this.#left);
      this.#hash.update(at === 0 && end === bytes.length ? bytes : bytes.subarray(at, end));
      this.#left -= end - at;
      at = end;
      if (this.#left === 0) this.#close(chunk);
    }
  }

  #close(chunk: ExpectedChunk): void {
    this.#sound = this.#hash.digest('hex') === chunk.hash;
    if (!this.#sound) return;
    this.#hash = createHash('sha256');
    this.#next += 1;
    this.#left = this.#chunks[this.#next]?.length ?? 0;
  }
}
