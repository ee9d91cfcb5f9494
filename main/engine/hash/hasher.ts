import { lstat } from 'node:fs/promises';
import { MiB } from '../../../shared/bytes.ts';
import type { Chunk } from '../../../shared/chunking/contentId.ts';
import type { ChunkHash, ContentId } from '../../../shared/ids.ts';
import { type DiskStat, sameObservation } from '../model.ts';
import { fileFailure } from './fileFailure.ts';
import type { ChunkCopy, FileToWrite, SmallFile, WriteOutcome } from './jobs.ts';
import { changed } from './reading.ts';
import { contentIdOf } from './smallFiles.ts';
import { WorkerPool } from './workerPool.ts';

export type { ChunkCopy, FileToWrite, SmallFile, WriteOutcome } from './jobs.ts';

/** Reads, chunks, hashes and writes files on threads of their own, so that whoever asks never blocks. */
export interface Hasher {
  /**
   * Chunks a file of `size` bytes from a chunk border on. `onChunks` gets the next chunks in order and the offset at
   * which they end, first after about 16 MiB, then about every 64 MiB; while the promise it may return is pending,
   * reading soon pauses. Resolves with the file's stat, which was the same before and after all reading; rejects with
   * FileFailure, or with the signal's reason.
   */
  chunkFile(path: string, options: ChunkFileOptions): Promise<DiskStat>;
  /** Reads files of at most 256 KiB; one result for each path, in order. Keep a batch below some 8 MiB. */
  readSmall(paths: readonly string[]): Promise<readonly SmallFile[]>;
  /** Content id of a file of any size. Rejects like `chunkFile`. */
  hashFile(path: string, signal?: AbortSignal): Promise<{ contentId: ContentId; stat: DiskStat }>;
  /** Hashes of chunks of these lengths from `from` on, in a file that the caller is writing. */
  hashWritten(path: string, from: number, lengths: readonly number[]): Promise<readonly string[]>;
  /** Copies chunks between files, each only if its hash is right; for each whether it was copied. */
  copyChunks(from: string, to: string, copies: readonly ChunkCopy[]): Promise<readonly boolean[]>;
  /** Makes small files of bytes that lie side by side, each verified and synced; `bytes` is given away. */
  writeSmall(bytes: Uint8Array<ArrayBuffer>, files: readonly FileToWrite[]): Promise<readonly WriteOutcome[]>;
  /** Files are about to be hashed: threads that have yet to start do so now, rather than when the first is waiting. */
  prepare(): void;
  close(): Promise<void>;
}

export interface ChunkFileOptions {
  readonly size: number;
  /** File offset to begin at: 0 or the end of a chunk. */
  readonly from: number;
  readonly signal?: AbortSignal | undefined;
  readonly onChunks: (chunks: readonly Chunk[], endOffset: number) => void | Promise<void>;
}

/** Bytes of a job: small enough for files to take turns and threads to share a file. */
export const JOB_BYTES = 16 * MiB;
const PIECE_BYTES = 64 * MiB;
/** Hash jobs of one file at a time: keeps two threads busy, and pauses soon. */
const JOBS_AHEAD = 3;

/** `threads`: upper limit; they start when there is work. */
export function createHasher(threads = 2): Hasher {
  const pool = new WorkerPool(threads);

  /** Cutting a stretch is quick and has to go in order; hashing it is slow and does not. */
  async function chunkFile(path: string, { size, from, signal, onChunks }: ChunkFileOptions): Promise<DiskStat> {
    const pieces = new Pieces(from, onChunks);
    const hashing: Promise<{ chunks: Chunk[]; stat: DiskStat }>[] = [];
    let stat: DiskStat | undefined;
    const agree = (seen: DiskStat): DiskStat => {
      if (stat !== undefined && !sameObservation(stat, seen)) throw changed(path);
      stat ??= seen;
      return stat;
    };
    const takeOldest = async (): Promise<void> => {
      const hashed = await hashing.shift();
      signal?.throwIfAborted();
      if (hashed === undefined) return;
      agree(hashed.stat);
      await pieces.add(hashed.chunks);
    };
    const hash = async (start: number, lengths: readonly number[]): Promise<{ chunks: Chunk[]; stat: DiskStat }> => {
      const job = await pool.run({ type: 'hash', path, size, from: start, lengths });
      return { chunks: lengths.map((length, i): Chunk => [job.hashes[i] as ChunkHash, length]), stat: job.stat };
    };
    try {
      let start = from;
      do {
        signal?.throwIfAborted();
        const cut = await pool.run({ type: 'cut', path, size, from: start, atLeast: JOB_BYTES });
        agree(cut.stat);
        if (cut.lengths.length > 0) hashing.push(handled(hash(start, cut.lengths)));
        start = cut.lengths.reduce((end, length) => end + length, start);
        if (hashing.length >= JOBS_AHEAD) await takeOldest();
      } while (start < size);
      while (hashing.length > 0) await takeOldest();
      await pieces.flush();
    } catch (error) {
      await Promise.allSettled(hashing);
      throw error;
    }
    if (stat === undefined) throw changed(path);
    return stat;
  }

  return {
    chunkFile,
    readSmall: (paths) => pool.run({ type: 'small', paths }),
    hashFile: async (path, signal) => {
      const { size } = await lstat(path).catch((error: unknown) => {
        throw fileFailure(error);
      });
      const chunks: Chunk[] = [];
      const onChunks = (more: readonly Chunk[]): void => {
        for (const chunk of more) chunks.push(chunk);
      };
      const stat = await chunkFile(path, { size, from: 0, signal, onChunks });
      return { contentId: contentIdOf(size, chunks), stat };
    },
    hashWritten: async (path, from, lengths) =>
      (await pool.run({ type: 'hash', path, size: null, from, lengths })).hashes,
    copyChunks: (path, to, copies) => pool.run({ type: 'copy', path, to, copies }),
    writeSmall: (bytes, files) => pool.run({ type: 'write', bytes, files }),
    prepare: () => pool.prepare(),
    close: () => pool.close(),
  };
}

/** A promise that is awaited later, and may be rejected before. */
function handled<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}

/** Gathers chunks into pieces worth a message: the first at once, so that sending can begin, then larger ones. */
class Pieces {
  readonly #onChunks: ChunkFileOptions['onChunks'];
  #chunks: Chunk[] = [];
  #start: number;
  #end: number;
  #wanted = JOB_BYTES;

  constructor(from: number, onChunks: ChunkFileOptions['onChunks']) {
    this.#start = from;
    this.#end = from;
    this.#onChunks = onChunks;
  }

  async add(chunks: readonly Chunk[]): Promise<void> {
    for (const chunk of chunks) {
      this.#chunks.push(chunk);
      this.#end += chunk[1];
    }
    if (this.#end - this.#start >= this.#wanted) await this.flush();
  }

  async flush(): Promise<void> {
    if (this.#chunks.length === 0) return;
    const chunks = this.#chunks;
    this.#chunks = [];
    this.#start = this.#end;
    this.#wanted = PIECE_BYTES;
    await this.#onChunks(chunks, this.#end);
  }
}
