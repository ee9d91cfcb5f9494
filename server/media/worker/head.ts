import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline, type Transform } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';

/** Up to so many bytes from a place in a file; fewer where it ends. */
export async function readAt(path: string, position: number, length: number): Promise<Buffer> {
  const file = await open(path, 'r');
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(length), 0, length, position);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

export type Packing = 'none' | 'gzip' | 'zstd';

/** What a file begins with once unpacked. It stops there, so that nothing unpacks without end. */
export async function unpackedHead(path: string, packing: Packing, length: number): Promise<Buffer> {
  if (packing === 'none') return readAt(path, 0, length);
  const unpacking: Transform = packing === 'gzip' ? createGunzip() : createZstdDecompress();
  const pieces: Buffer[] = [];
  let bytes = 0;
  pipeline(createReadStream(path), unpacking, () => undefined);
  try {
    for await (const piece of unpacking as AsyncIterable<Buffer>) {
      pieces.push(piece);
      bytes += piece.length;
      if (bytes >= length) break;
    }
  } catch {
    // Damaged or cut short: what came before is all there is.
  }
  return Buffer.concat(pieces).subarray(0, length);
}
