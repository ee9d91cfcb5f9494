import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { MiB } from '../../shared/bytes.ts';
import { type Chunk, chunksSize, contentIdText } from '../../shared/chunking/contentId.ts';
import { chunkClassFor, chunkLength } from '../../shared/chunking/fastcdc.ts';
import type { ChunkHash } from '../../shared/ids.ts';
import { randomBytes } from './randomBytes.ts';

const sha256 = (data: Uint8Array | string): string => createHash('sha256').update(data).digest('hex');

function chunksOf(bytes: Uint8Array): Chunk[] {
  const chunks: Chunk[] = [];
  for (let start = 0; start < bytes.length; ) {
    const length = chunkLength(bytes, start, bytes.length, chunkClassFor(bytes.length));
    chunks.push([sha256(bytes.subarray(start, start + length)) as ChunkHash, length]);
    start += length;
  }
  return chunks;
}

const contentId = (bytes: Uint8Array): string => sha256(contentIdText(bytes.length, chunksOf(bytes)));

it('names chunker version, size and chunk hashes, a line each', () => {
  const hash = '0'.repeat(64) as ChunkHash;
  expect(contentIdText(7, [[hash, 7]])).toBe(`fastcdc-1\n7\n${hash}\n`);
});

it.each([
  ['no bytes', Buffer.alloc(0), '3e674cb3dd6c11c75ad58920c9e43eb0581e477a5567de9725bc4f90b47a1ed5'],
  ['a word', Buffer.from('hello'), 'dfb60dbb856d82a1db8b7e470c0701ba4ba4facef91a1577d2d1b578b654d5f6'],
  ['3 MiB', randomBytes(3 * MiB, 1), '09bd17c3d5f470ba77e76cebc3be037092d9164c526ea6279d13e39c3e7b2073'],
])('is fixed for ever for %s', (_, bytes, expected) => {
  expect(contentId(bytes)).toBe(expected);
});

it('adds up the lengths of chunks', () => {
  expect(chunksSize(chunksOf(randomBytes(1_000_000, 5)))).toBe(1_000_000);
});
