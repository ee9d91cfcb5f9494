import { constants } from 'node:fs';
import { mkdir, open, rm, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { v7 as uuid } from 'uuid';
import { isMissing } from '../durable.ts';
import type { Bytes } from '../store.ts';
import { writeAll } from '../writeAll.ts';

/** Files of this run that hold a part on its way to the bucket: a part is whole and right before any of it is sent. */
export interface Spool {
  /** A file that is made when it is first written to. */
  file(): SpoolFile;
}

export interface SpoolFile {
  readonly path: string;
  /** Lays exactly so many bytes at a position. */
  lay(bytes: Bytes, position: number, length: number): Promise<void>;
  remove(): Promise<void>;
}

/** What an earlier run has left goes. */
export async function openSpool(data: string): Promise<Spool> {
  const folder = join(data, 'spool');
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true, mode: 0o700 });
  return { file: () => spoolFile(join(folder, uuid())) };
}

const WRITE = constants.O_RDWR | constants.O_CREAT;

const spoolFile = (path: string): SpoolFile => ({
  path,
  async lay(bytes, position, length) {
    const file = await open(path, WRITE, 0o600);
    try {
      let at = 0;
      for await (const piece of bytes) {
        await writeAll(file.fd, [piece], position + at);
        at += piece.length;
      }
      if (at !== length) throw new Error(`A stored object has given ${at} bytes instead of ${length}.`);
    } finally {
      await file.close();
    }
  },
  async remove() {
    try {
      await unlink(path);
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
  },
});
