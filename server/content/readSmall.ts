import { close, closeSync, open, openSync, read, readSync } from 'node:fs';

/** A read that takes longer than this, in ms, came from a slow disk rather than from memory. */
const SLOW_MS = 1;
/** After a slow read, so many go through the thread pool before the direct way is tried again. */
const DETOURS = 64;

/**
 * Reads whole small files of known size. What the system has in memory is read directly, at a third of what the thread
 * pool costs; as soon as the disk is slow the thread pool takes over, so that nobody else waits for it.
 */
export function smallReader(): (path: string, size: number) => Promise<Buffer> {
  let detours = 0;
  return async (path, size) => {
    if (detours > 0) {
      detours -= 1;
      return readBehind(path, size);
    }
    const begun = performance.now();
    const bytes = readDirectly(path, size);
    if (performance.now() - begun > SLOW_MS) detours = DETOURS;
    return bytes;
  };
}

const tooShort = (path: string) => new Error(`The stored object ${path} is shorter than recorded.`);

function readDirectly(path: string, size: number): Buffer {
  const file = openSync(path, 'r');
  try {
    const bytes = Buffer.allocUnsafe(size);
    if (readSync(file, bytes, 0, size, 0) < size) throw tooShort(path);
    return bytes;
  } finally {
    closeSync(file);
  }
}

/** Without file handles of the promise kind, which cost more than the reading. */
const readBehind = (path: string, size: number): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    open(path, 'r', (failed, file) => {
      if (failed) return reject(failed);
      read(file, Buffer.allocUnsafe(size), 0, size, 0, (error, bytesRead, bytes) => {
        close(file);
        if (error) reject(error);
        else if (bytesRead < size) reject(tooShort(path));
        else resolve(bytes);
      });
    });
  });
