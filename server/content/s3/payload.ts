import { createHash, hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import type { ByteRange } from '../../../shared/api/uploads.ts';
import { MiB } from '../../../shared/bytes.ts';
import type { ReadStored, StoredAt } from '../store.ts';

/** What one request brings to a bucket. It can be sent again, and the bucket takes nothing but what the hash says. */
export interface Payload {
  readonly size: number;
  /** SHA-256, in hex. */
  readonly sha256: string;
  /** From the beginning, each time. */
  open(): Uint8Array | Readable;
}

export const bytesPayload = (bytes: Uint8Array): Payload => ({
  size: bytes.length,
  sha256: hash('sha256', bytes, 'hex'),
  open: () => bytes,
});

const PIECE_BYTES = MiB;

/** Ranges of a file that does not change, one after the other. It is read once more when it is sent. */
export async function filePayload(path: string, ranges: readonly ByteRange[]): Promise<Payload> {
  const digest = createHash('sha256');
  for await (const piece of piecesOf(path, ranges)) digest.update(piece);
  return {
    size: ranges.reduce((sum, [, length]) => sum + length, 0),
    sha256: digest.digest('hex'),
    open: () => Readable.from(piecesOf(path, ranges), { objectMode: false, highWaterMark: PIECE_BYTES }),
  };
}

/** A range of a stored object, wherever it lies. It is read twice: for its hash, and to be sent. */
export async function storedPayload(read: ReadStored, from: StoredAt, start: number, length: number): Promise<Payload> {
  const digest = createHash('sha256');
  let size = 0;
  for await (const piece of await read(from, start, length)) {
    digest.update(piece);
    size += piece.length;
  }
  if (size !== length) throw new Error(`The stored object ${from.key} is shorter than recorded.`);
  const pieces = async function* (): AsyncGenerator<Buffer> {
    // A piece's memory is used again, and what is sent may wait.
    for await (const piece of await read(from, start, length)) yield Buffer.from(piece);
  };
  return {
    size,
    sha256: digest.digest('hex'),
    open: () => Readable.from(pieces(), { objectMode: false, highWaterMark: PIECE_BYTES }),
  };
}

async function* piecesOf(path: string, ranges: readonly ByteRange[]): AsyncGenerator<Buffer> {
  for (const [start, length] of ranges) {
    if (length > 0) yield* createReadStream(path, { start, end: start + length - 1, highWaterMark: PIECE_BYTES });
  }
}
