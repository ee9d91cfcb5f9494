import { createHash } from 'node:crypto';
import { closeSync, constants, openSync, writeSync } from 'node:fs';
import type { ChunkCopy, CopyJob } from './jobs.ts';
import { readFully, readWhileWritten } from './reading.ts';

/**
 * Copies chunks into a file that exists. The source may change at any time: a chunk whose bytes turn out to be others
 * is reported as not copied, whatever has been written to its place. Blocks; for worker threads.
 */
export function copyChunks({ path, to, copies }: CopyJob, window: Buffer): boolean[] {
  const target = openSync(to, constants.O_WRONLY | (constants.O_NOFOLLOW ?? 0));
  try {
    return readWhileWritten(path, (fd, { size }) =>
      copies.map((copy) => copy.fromOffset + copy.length <= size && copyChunk({ fd, path }, target, copy, window)),
    ).value;
  } finally {
    closeSync(target);
  }
}

function copyChunk(source: { fd: number; path: string }, target: number, copy: ChunkCopy, window: Buffer): boolean {
  const sha = createHash('sha256');
  for (let done = 0; done < copy.length; ) {
    const piece = window.subarray(0, Math.min(window.length, copy.length - done));
    readFully(source.fd, piece, copy.fromOffset + done, source.path);
    sha.update(piece);
    writeFully(target, piece, copy.toOffset + done);
    done += piece.length;
  }
  return sha.digest('hex') === copy.hash;
}

function writeFully(fd: number, bytes: Uint8Array, offset: number): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done, bytes.length - done, offset + done);
}
