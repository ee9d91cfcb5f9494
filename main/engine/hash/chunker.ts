import { createHash, hash } from 'node:crypto';
import { MiB } from '../../../shared/bytes.ts';
import { chunkClassFor } from '../../../shared/chunking/fastcdc.ts';
import { type GearScan, gearScan } from './gearScan.ts';
import { readFully } from './reading.ts';

/** All the memory that chunking takes, whatever the file's size: it fits in a core's cache. */
const WINDOW_BYTES = 1 * MiB;

/** Finds cuts and hashes chunks of open files through one window. Blocks; one for each worker thread. */
export class Chunker {
  readonly #gear: GearScan = gearScan(WINDOW_BYTES);

  /** Scratch memory; its content is gone after each call. */
  get window(): Buffer {
    return this.#gear.window;
  }

  /**
   * Lengths of the chunks from the chunk border `from` on, until they cover `atLeast` bytes or the file of `size` bytes
   * ends. The same cuts as `chunkLength` makes.
   */
  cut(file: OpenFile, from: number, atLeast: number): number[] {
    const { min, average, max, strictMask, looseMask } = chunkClassFor(file.size);
    const view = new View(this.#gear, file);
    const lengths: number[] = [];
    let start = from;
    while (start < file.size && start - from < atLeast) {
      const limit = Math.min(start + max, file.size);
      const centre = Math.min(start + average, limit);
      let end = limit;
      if (start + min < limit) {
        end =
          view.scan(start + min, centre, strictMask, 0) || view.scan(centre, limit, looseMask, view.lastHash) || limit;
      }
      lengths.push(end - start);
      start = end;
    }
    return lengths;
  }

  /** Hashes of the chunks of these lengths from `from` on, in order. */
  hash(file: OpenFile, from: number, lengths: readonly number[]): string[] {
    const hashes: string[] = [];
    let offset = from;
    for (let first = 0; first < lengths.length; ) {
      let bytes = lengths[first] ?? 0;
      let next = first + 1;
      while (next < lengths.length && bytes + (lengths[next] ?? 0) <= WINDOW_BYTES) {
        bytes += lengths[next] ?? 0;
        next += 1;
      }
      if (bytes > WINDOW_BYTES) hashes.push(this.#hashLong(file, offset, bytes));
      else this.#hashRun(file, offset, lengths.slice(first, next), bytes, hashes);
      offset += bytes;
      first = next;
    }
    return hashes;
  }

  /** Hashes neighbouring chunks that fit into the window together, with one read. */
  #hashRun(file: OpenFile, offset: number, lengths: readonly number[], bytes: number, hashes: string[]): void {
    const window = this.#gear.window;
    readFully(file.fd, window.subarray(0, bytes), offset, file.path);
    let start = 0;
    for (const length of lengths) {
      hashes.push(hash('sha256', window.subarray(start, start + length), 'hex'));
      start += length;
    }
  }

  #hashLong(file: OpenFile, offset: number, length: number): string {
    const sha = createHash('sha256');
    for (let done = 0; done < length; ) {
      const piece = this.#gear.window.subarray(0, Math.min(WINDOW_BYTES, length - done));
      readFully(file.fd, piece, offset + done, file.path);
      sha.update(piece);
      done += piece.length;
    }
    return sha.digest('hex');
  }
}

/** A file open for reading; the path is for messages. */
export interface OpenFile {
  readonly fd: number;
  readonly size: number;
  readonly path: string;
}

/** The part of a file that lies in the window, moved along as the scan goes on. */
class View {
  readonly #gear: GearScan;
  readonly #file: OpenFile;
  #start = 0;
  #end = 0;
  /** The hash at which the last scan ended that found nothing. */
  lastHash = 0;

  constructor(gear: GearScan, file: OpenFile) {
    this.#gear = gear;
    this.#file = file;
  }

  /** File offset after the first matching byte of [from, to), or 0 when there is none. */
  scan(from: number, to: number, mask: number, hash: number): number {
    this.lastHash = hash;
    for (let at = from; at < to; at = Math.min(to, this.#end)) {
      if (at < this.#start || at >= this.#end) this.#moveTo(at);
      const until = Math.min(to, this.#end) - this.#start;
      const found = this.#gear.scan(at - this.#start, until, mask, this.lastHash);
      if (found > 0) return this.#start + found;
      this.lastHash = this.#gear.lastHash();
    }
    return 0;
  }

  #moveTo(offset: number): void {
    const { fd, size, path } = this.#file;
    this.#start = offset;
    this.#end = Math.min(offset + WINDOW_BYTES, size);
    readFully(fd, this.#gear.window.subarray(0, this.#end - offset), offset, path);
  }
}
