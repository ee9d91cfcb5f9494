import { hash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';
import type { Chunk } from '../../shared/chunking/contentId.ts';
import { CHUNKER_BUFFER_BYTES, chunkClassFor, chunkLength } from '../../shared/chunking/fastcdc.ts';
import { ChunkHash } from '../../shared/ids.ts';

/** The chunks of a file that lies still, as a device would cut it. The loop is let go of after each. */
export async function* chunksOf(path: string, size: number): AsyncGenerator<Chunk> {
  const sizes = chunkClassFor(size);
  const window = Buffer.allocUnsafeSlow(Math.max(CHUNKER_BUFFER_BYTES, 4 * sizes.max));
  const file = await open(path, 'r');
  try {
    let start = 0;
    let end = 0;
    let read = 0;
    for (let at = 0; at < size; ) {
      if (end - start < sizes.max && read < size) {
        window.copyWithin(0, start, end);
        end -= start;
        start = 0;
        const { bytesRead } = await file.read(window, end, window.length - end, read);
        if (bytesRead === 0) throw new Error('a spooled file is shorter than it was');
        end += bytesRead;
        read += bytesRead;
        continue;
      }
      const length = chunkLength(window, start, end, sizes);
      yield [ChunkHash.parse(hash('sha256', window.subarray(start, start + length), 'hex')), length];
      start += length;
      at += length;
      await setImmediate();
    }
  } finally {
    await file.close();
  }
}
