import type { Chunk } from '../../shared/chunking/contentId.ts';
import type { ChunkHash } from '../../shared/ids.ts';

const HASH_BYTES = 32;
const ENTRY_BYTES = HASH_BYTES + 4;

/** A chunk list as an object's row holds it: for each chunk its hash and its length (32-bit, big-endian). */
export function encodeChunkList(chunks: readonly Chunk[]): Buffer {
  const bytes = Buffer.allocUnsafe(chunks.length * ENTRY_BYTES);
  let at = 0;
  for (const [hash, length] of chunks) {
    bytes.write(hash, at, HASH_BYTES, 'hex');
    bytes.writeUInt32BE(length, at + HASH_BYTES);
    at += ENTRY_BYTES;
  }
  return bytes;
}

export function decodeChunkList(bytes: Uint8Array): Chunk[] {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const chunks: Chunk[] = [];
  for (let at = 0; at < buffer.length; at += ENTRY_BYTES) {
    const hash = buffer.toString('hex', at, at + HASH_BYTES) as ChunkHash;
    chunks.push([hash, buffer.readUInt32BE(at + HASH_BYTES)]);
  }
  return chunks;
}
