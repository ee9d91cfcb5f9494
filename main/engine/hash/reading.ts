import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { diskStat } from '../disk/stat.ts';
import { type DiskStat, sameObservation } from '../model.ts';
import { FileFailure } from './fileFailure.ts';

/** Links are not followed, and a pipe does not keep the thread waiting for a writer. Neither exists on Windows. */
export const OPEN_FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/**
 * Opens a regular file, hands its descriptor and stat to `read`, and looks again afterwards: whatever `read` made of
 * the bytes is good only if the file did not change meanwhile. Blocks; for worker threads.
 */
export function readUnchanged<T>(path: string, read: (fd: number, stat: DiskStat) => T): { value: T; stat: DiskStat } {
  return readWhileWritten(path, (fd, stat) => {
    const value = read(fd, stat);
    if (!sameObservation(stat, statOf(fd, path))) throw changed(path);
    return value;
  });
}

/** The same without the second look, for files that this program itself is writing. */
export function readWhileWritten<T>(
  path: string,
  read: (fd: number, stat: DiskStat) => T,
): { value: T; stat: DiskStat } {
  const fd = openSync(path, OPEN_FLAGS);
  try {
    const stat = statOf(fd, path);
    return { value: read(fd, stat), stat };
  } finally {
    closeSync(fd);
  }
}

/** Fills `into` from the file's `offset`. Blocks. */
export function readFully(fd: number, into: Uint8Array, offset: number, path: string): void {
  let filled = 0;
  while (filled < into.length) {
    const count = readSync(fd, into, filled, into.length - filled, offset + filled);
    if (count === 0) throw changed(path);
    filled += count;
  }
}

export const changed = (path: string): FileFailure =>
  new FileFailure('changed', `The file changed while it was read: ${path}`);

function statOf(fd: number, path: string): DiskStat {
  const stat = diskStat(fstatSync(fd, { bigint: true }));
  if (stat?.kind !== 'file') throw new FileFailure('not-a-file', `Not a regular file: ${path}`);
  return stat;
}
