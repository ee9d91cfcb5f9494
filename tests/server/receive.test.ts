import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { receive } from '../../server/uploads/receive.ts';
import { ChunkVerifier } from '../../server/uploads/verifier.ts';
import { KiB } from '../../shared/bytes.ts';
import { contentOf, randomBytes } from './harness.ts';

const content = contentOf(randomBytes(3000 * KiB, 'a'));
const chunks = content.chunks.map(([hash, length]) => ({ hash, length }));
/** The bytes as a connection delivers them: in pieces, each in memory of its own. */
const body = (): Readable =>
  Readable.from(
    (function* () {
      for (let at = 0; at < content.bytes.length; at += 64 * KiB)
        yield Buffer.from(content.bytes.subarray(at, at + 64 * KiB));
    })(),
  );
const never = new AbortController().signal;

test('the body is laid into its ranges, and nowhere else', async () => {
  const [first = 0, second = 0] = chunks.map(({ length }) => length);
  const target = Buffer.alloc(content.bytes.length + 1_000_000);
  const writer = {
    write: async (pieces: readonly Uint8Array[], position: number) => {
      target.set(Buffer.concat(pieces), position);
    },
    close: async () => undefined,
  };
  const rest = content.bytes.length - first - second;
  const verifier = new ChunkVerifier(chunks);
  await receive(
    body(),
    writer,
    [
      [0, first],
      [first + 300_000, second],
      [first + second + 1_000_000, rest],
    ],
    verifier,
    never,
  );
  expect(verifier.whole).toBe(true);
  expect(target.subarray(0, first).equals(content.bytes.subarray(0, first))).toBe(true);
  expect(target.subarray(first, first + 300_000).every((byte) => byte === 0)).toBe(true);
  const expected = content.bytes.subarray(first, first + second);
  expect(target.subarray(first + 300_000, first + 300_000 + second).equals(expected)).toBe(true);
  expect(target.subarray(-rest).equals(content.bytes.subarray(-rest))).toBe(true);
});

test('a full disk is told after the body has been read to its end', async () => {
  const full = Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
  let writes = 0;
  const writer = {
    write: async () => {
      writes += 1;
      throw full;
    },
    close: async () => undefined,
  };
  const source = body();
  const ranges: [number, number][] = [[0, content.bytes.length]];
  await expect(receive(source, writer, ranges, new ChunkVerifier(chunks), never)).rejects.toBe(full);
  expect(source.readableEnded).toBe(true);
  expect(writes).toBe(1);
});
