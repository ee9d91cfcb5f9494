import { hash } from 'node:crypto';
import { SMALL_FILE_BYTES } from '../../../shared/api/limits.ts';
import { MiB } from '../../../shared/bytes.ts';
import { type Chunk, contentIdText } from '../../../shared/chunking/contentId.ts';
import { chunkClassFor, chunkLength } from '../../../shared/chunking/fastcdc.ts';
import type { ChunkHash, ContentId } from '../../../shared/ids.ts';
import { FileFailure, fileFailure } from './fileFailure.ts';
import type { SmallFile } from './jobs.ts';
import { readFully, readUnchanged } from './reading.ts';

/** Files are laid side by side in buffers of this size, so that a batch is few allocations and few transfers. */
const BLOCK_BYTES = 1 * MiB;

/**
 * Reads, chunks and hashes small files, one result for each path in order. `buffers` are what the results' bytes lie
 * in. Blocks; for worker threads.
 */
export function readSmallFiles(paths: readonly string[]): { files: SmallFile[]; buffers: ArrayBuffer[] } {
  const blocks = new Blocks();
  const files = paths.map((path): SmallFile => {
    try {
      const { value: bytes, stat } = readUnchanged(path, (fd, { size }) => {
        if (size > SMALL_FILE_BYTES) throw new FileFailure('too-large', `Not a small file: ${path}`);
        const space = blocks.take(size);
        readFully(fd, space, 0, path);
        return space;
      });
      return { ok: true, stat, bytes, ...chunksOf(bytes) };
    } catch (error) {
      return { ok: false, code: fileFailure(error).code };
    }
  });
  return { files, buffers: blocks.buffers };
}

/** Chunks and content id of a whole file's bytes. */
export function chunksOf(bytes: Uint8Array): { chunks: Chunk[]; contentId: ContentId } {
  const sizes = chunkClassFor(bytes.length);
  const chunks: Chunk[] = [];
  for (let start = 0; start < bytes.length; ) {
    const length = chunkLength(bytes, start, bytes.length, sizes);
    chunks.push([hash('sha256', bytes.subarray(start, start + length), 'hex') as ChunkHash, length]);
    start += length;
  }
  return { chunks, contentId: contentIdOf(bytes.length, chunks) };
}

export const contentIdOf = (size: number, chunks: readonly Chunk[]): ContentId =>
  hash('sha256', contentIdText(size, chunks), 'hex') as ContentId;

class Blocks {
  readonly buffers: ArrayBuffer[] = [];
  #free = new Uint8Array(0);

  take(size: number): Uint8Array<ArrayBuffer> {
    if (size > this.#free.length) {
      this.#free = new Uint8Array(Math.max(size, BLOCK_BYTES));
      this.buffers.push(this.#free.buffer);
    }
    const space = this.#free.subarray(0, size);
    this.#free = this.#free.subarray(size);
    return space;
  }
}
