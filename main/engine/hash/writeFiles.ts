import { close, fchmodSync, fstatSync, fsync, futimesSync, openSync, rmSync, writeSync } from 'node:fs';
import { promisify } from 'node:util';
import { secondsForMtime } from '../disk/mtime.ts';
import { fileFailure } from './fileFailure.ts';
import type { FileToWrite, WriteJob, WriteOutcome } from './jobs.ts';
import { chunksOf } from './smallFiles.ts';

const sync = promisify(fsync);
const closed = promisify(close);

/**
 * Writes files that are verified first, one outcome for each in order. The syncs run side by side, so that the file
 * system can write its journal once for several; everything before them blocks. For worker threads.
 */
export function writeFiles({ bytes, files }: WriteJob): Promise<WriteOutcome[]> {
  return Promise.all(files.map((file) => writeFile(file, bytes.subarray(file.start, file.end))));
}

async function writeFile(
  { to, contentId, mtimeMs, executable }: FileToWrite,
  bytes: Uint8Array,
): Promise<WriteOutcome> {
  if (chunksOf(bytes).contentId !== contentId) return 'damaged';
  try {
    const fd = openNew(to);
    try {
      for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done, bytes.length - done, done);
      // Whoever may read it may execute it.
      if (executable) fchmodSync(fd, fstatSync(fd).mode | ((fstatSync(fd).mode & 0o444) >> 2));
      futimesSync(fd, secondsForMtime(mtimeMs), secondsForMtime(mtimeMs));
      await sync(fd);
    } finally {
      await closed(fd);
    }
    return 'written';
  } catch (error) {
    return fileFailure(error).code;
  }
}

/** With the mode that any program's new file would have. */
function openNew(path: string): number {
  try {
    return openSync(path, 'wx');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    rmSync(path);
    return openSync(path, 'wx');
  }
}
