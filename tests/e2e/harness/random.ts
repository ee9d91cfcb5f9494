import { createCipheriv, createHash } from 'node:crypto';
import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { MiB } from '../../../shared/bytes.ts';

const PIECE = 4 * MiB;

/** An endless run of incompressible bytes, the same for the same seed: an AES-CTR key stream. */
export function byteStream(seed: string): (length: number) => Buffer {
  const cipher = createCipheriv('aes-256-ctr', createHash('sha256').update(seed).digest(), Buffer.alloc(16));
  const zeros = Buffer.alloc(PIECE);
  return (length) => cipher.update(length <= PIECE ? zeros.subarray(0, length) : Buffer.alloc(length));
}

export const randomBytes = (seed: string, length: number): Buffer => byteStream(seed)(length);

/** Numbers in [0, 1), the same for the same seed. */
export function fractions(seed: string): () => number {
  const next = byteStream(`fractions/${seed}`);
  return () => next(4).readUInt32LE() / 2 ** 32;
}

/** Writes a file of incompressible bytes, making the folders above it; memory use does not depend on the size. */
export function writeRandomFile(path: string, size: number, seed: string): void {
  mkdirSync(dirname(path), { recursive: true });
  const next = byteStream(seed);
  const file = openSync(path, 'w');
  try {
    for (let left = size; left > 0; left -= PIECE) writeSync(file, next(Math.min(left, PIECE)));
  } finally {
    closeSync(file);
  }
}
