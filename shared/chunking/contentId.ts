import type { ChunkHash } from '../ids.ts';
import { CHUNKER } from './fastcdc.ts';

/** One chunk of a file: hash of its bytes and its length in bytes. Chunks follow each other without gaps. */
export type Chunk = readonly [hash: ChunkHash, length: number];

/**
 * The text whose SHA-256 is the content id: chunker version, size in bytes, chunk hashes in order. It covers every
 * byte of the file through the hashes, so a receiver who has verified each chunk has verified the file.
 */
export function contentIdText(size: number, chunks: readonly Chunk[]): string {
  let text = `${CHUNKER}\n${size}\n`;
  for (const [hash] of chunks) text += `${hash}\n`;
  return text;
}

/** Sum of the chunks' lengths in bytes. */
export const chunksSize = (chunks: readonly Chunk[]): number => chunks.reduce((sum, [, length]) => sum + length, 0);
