import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ChunkVerifier } from '../../server/content/receiving/chunkVerifier.ts';
import { RangeWriter } from '../../server/content/receiving/rangeWriter.ts';
import { ReceivingThread } from '../../server/content/receiving/thread.ts';
import { receive } from '../../server/uploads/receive.ts';
import { KiB } from '../../shared/bytes.ts';
import { contentOf, randomBytes } from './harness.ts';

const content = contentOf(randomBytes(3000 * KiB, 'a'));
const chunks = content.chunks.map(([hash, length]) => ({ hash, length }));
const [first = 0, second = 0] = chunks.map(({ length }) => length);
const rest = content.bytes.length - first - second;
const ranges: [number, number][] = [
  [0, first],
  [first + 300_000, second],
  [first + second + 1_000_000, rest],
];
const pieces = function* (bytes: Uint8Array): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += 64 * KiB) yield Buffer.from(bytes.subarray(at, at + 64 * KiB));
};
/** The bytes as a connection delivers them: in pieces, each in memory of its own. */
const body = (bytes: Uint8Array): Readable => Readable.from(pieces(bytes));
const never = new AbortController().signal;

const thread = new ReceivingThread();
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'driftless-receive-'));
});

afterAll(async () => {
  await thread.close();
  rmSync(folder, { recursive: true });
});

test('the body is laid into its ranges, and nowhere else', async () => {
  const path = join(folder, 'staged');
  const received = await receive(body(content.bytes), thread.open(path, ranges, chunks), never);
  expect(received).toEqual({ chunks: chunks.length, lost: null });
  const target = readFileSync(path);
  expect(target.length).toBe(first + second + 1_000_000 + rest);
  expect(target.subarray(0, first).equals(content.bytes.subarray(0, first))).toBe(true);
  expect(target.subarray(first, first + 300_000).every((byte) => byte === 0)).toBe(true);
  const expected = content.bytes.subarray(first, first + second);
  expect(target.subarray(first + 300_000, first + 300_000 + second).equals(expected)).toBe(true);
  expect(target.subarray(-rest).equals(content.bytes.subarray(-rest))).toBe(true);
});

test('of a body with a wrong byte, or too few, the chunks before that count', async () => {
  const wrong = Buffer.from(content.bytes);
  wrong[wrong.length - 1] = (wrong.at(-1) ?? 0) ^ 1;
  const receiver = () => thread.open(join(folder, 'wrong'), ranges, chunks);
  const allButLast = { chunks: chunks.length - 1, lost: null };
  expect(await receive(body(wrong), receiver(), never)).toEqual(allButLast);
  expect(await receive(body(content.bytes.subarray(0, -1)), receiver(), never)).toEqual(allButLast);
});

test('a disk that fails is told after the body has been read to its end', async () => {
  const source = body(content.bytes);
  const receiver = thread.open(join(folder, 'no', 'such', 'folder'), ranges, chunks);
  await expect(receive(source, receiver, never)).rejects.toMatchObject({ code: 'ENOENT' });
  expect(source.readableEnded).toBe(true);
});

test('nothing is written after the disk has failed once', () => {
  const full = Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
  let writes = 0;
  const writer = new RangeWriter([[0, content.bytes.length]], new ChunkVerifier(chunks), () => {
    writes += 1;
    throw full;
  });
  for (const piece of pieces(content.bytes)) writer.take([piece]);
  expect([writer.fault, writer.chunks, writes]).toEqual([full, 0, 1]);
});

test('parts received at the same time do not mix', async () => {
  const other = contentOf(randomBytes(2000 * KiB, 'b'));
  const otherChunks = other.chunks.map(([hash, length]) => ({ hash, length }));
  const receivers = [
    thread.open(join(folder, 'one'), [[0, content.bytes.length]], chunks),
    thread.open(join(folder, 'two'), [[0, other.bytes.length]], otherChunks),
  ] as const;
  const both = [receive(body(content.bytes), receivers[0], never), receive(body(other.bytes), receivers[1], never)];
  expect(await Promise.all(both)).toEqual([
    { chunks: chunks.length, lost: null },
    { chunks: otherChunks.length, lost: null },
  ]);
  expect(readFileSync(join(folder, 'one')).equals(content.bytes)).toBe(true);
  expect(readFileSync(join(folder, 'two')).equals(other.bytes)).toBe(true);
});
