import type { FileHandle } from 'node:fs/promises';
import { KiB } from '../../shared/bytes.ts';
import type { Bytes } from './store.ts';

const PIECE_BYTES = 256 * KiB;

/**
 * Reads a range of a file, always one piece ahead, in two buffers that take turns. Ends early where the file does, and
 * closes the file however it ends.
 */
export async function* readRange(file: FileHandle, start: number, length: number): Bytes {
  const piece = Math.min(PIECE_BYTES, length);
  const buffers = [Buffer.allocUnsafeSlow(piece), Buffer.allocUnsafeSlow(length > piece ? piece : 0)] as const;
  let at = 0;
  const readNext = async (into: Buffer): Promise<Buffer> => {
    const want = Math.min(into.length, length - at);
    const { bytesRead } = await file.read(into, 0, want, start + at);
    at += bytesRead;
    return into.subarray(0, bytesRead);
  };
  let reading = readNext(buffers[0]);
  try {
    for (let turn = 1; ; turn = 1 - turn) {
      const bytes = await reading;
      if (bytes.length === 0) return;
      const last = at === length;
      reading = last ? Promise.resolve(Buffer.alloc(0)) : readNext(buffers[turn === 1 ? 1 : 0]);
      yield bytes;
    }
  } finally {
    await reading.catch(() => undefined);
    await file.close();
  }
}
