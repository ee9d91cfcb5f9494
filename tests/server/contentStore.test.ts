import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { describe, expect, onTestFinished, test } from 'vitest';
import { diskStore } from '../../server/content/disk.ts';
import type { StagingBook } from '../../server/content/s3/book.ts';
import { type BucketStore, bucketStore } from '../../server/content/s3/store.ts';
import type { ComingPart, ContentStore, ObjectKey, PlacedChunk, StagedPart } from '../../server/content/store.ts';
import { planParts } from '../../server/uploads/plan.ts';
import { receive } from '../../server/uploads/receive.ts';
import { KiB, MiB } from '../../shared/bytes.ts';
import { type Content, contentOf, newUploadId, randomBytes, temporaryFolder } from './harness.ts';
import { memoryBook } from './s3/memoryBook.ts';
import { noS3, testBucket } from './s3/testBucket.ts';

const USER = randomUUID();
const newKey = (): ObjectKey => `users/${USER}/documents/${randomUUID()}.txt`;
const fail = (error: unknown): never => {
  throw error;
};

type Maker = (book: StagingBook) => Promise<ContentStore>;

const onDisk: Maker = async () =>
  diskStore({ data: await temporaryFolder(), recorded: async (keys) => new Set(keys), fault: fail });

const inBucket = async (book: StagingBook): Promise<BucketStore> =>
  bucketStore({ config: await testBucket(), data: await temporaryFolder(), book, fault: fail });

const NO_BOOK = memoryBook('', 0, 0);
const PART = 5 * MiB;

const bytesOf = async (store: ContentStore, key: ObjectKey, start: number, length: number): Promise<Buffer> => {
  const pieces: Buffer[] = [];
  for await (const piece of await store.read(key, start, length)) pieces.push(Buffer.from(piece));
  return Buffer.concat(pieces);
};

/** An object under construction that draws on a stored one, and what is sent for each of its parts. */
async function construction(make: Maker, content: Content, source?: Content) {
  const places = new Map<string, number>();
  let at = 0;
  for (const [hash, length] of source?.chunks ?? []) {
    places.set(hash, at);
    at += length;
  }
  const plans = planParts(
    content.chunks.map(([hash, length]) => {
      const position = places.get(hash);
      return { length, source: position === undefined ? undefined : { objectId: 'source', position } };
    }),
    0,
    PART,
    true,
  );
  const key = newKey();
  const from = newKey();
  const store = await make(memoryBook(key, content.bytes.length, plans.length));
  onTestFinished(() => store.close());
  if (source) await store.putSmall([{ key: from, bytes: source.bytes }]);
  const staged = store.staged(newUploadId());

  let first = 0;
  let position = 0;
  const parts = plans.map((plan, part) => {
    const chunks = content.chunks.slice(first, first + plan.chunkCount).map(([hash, length]): PlacedChunk => {
      const chunk = { hash, length, position };
      position += length;
      return chunk;
    });
    first += plan.chunkCount;
    const sent = chunks.filter((chunk) =>
      plan.send.some(([offset, length]) => chunk.position >= offset && chunk.position < offset + length),
    );
    const copies = plan.copies.map((run) => ({
      from: { store: store.name, key: from },
      start: run.from,
      length: run.length,
      position: run.position,
    }));
    return { part, offset: plan.position, length: plan.length, copies, sent };
  });
  type Part = (typeof parts)[number];

  /** Sends these bytes from a chunk of a part on; returns how many chunks have arrived. */
  const send = async (part: Part, begin = 0, bytes = joined(content, part.sent.slice(begin))): Promise<number> => {
    const coming: ComingPart = { ...part, before: part.sent.slice(0, begin), coming: part.sent.slice(begin) };
    const body = Readable.from([Buffer.from(bytes)], { objectMode: false });
    return (await receive(body, staged.receive(coming), new AbortController().signal)).chunks;
  };
  const fill = (part: StagedPart & { readonly sent: readonly unknown[] }) =>
    staged.fill(part, part.sent.length === 0, new AbortController().signal);
  const stored = () => bytesOf(store, key, 0, content.bytes.length);
  return { store, staged, key, parts, send, fill, stored };
}

const joined = (content: Content, chunks: readonly PlacedChunk[]): Buffer =>
  Buffer.concat(chunks.map(({ position, length }) => content.bytes.subarray(position, position + length)));

const MAKERS: readonly (readonly [string, Maker, string | undefined])[] = [
  ['on the disk', onDisk, undefined],
  ['in a bucket', inBucket, noS3],
];

describe.for(MAKERS)('a store %s', ([, make, skipped]) => {
  describe.skipIf(skipped)(skipped ? `(skipped: ${skipped})` : 'keeps its word', () => {
    const opened = async (): Promise<ContentStore> => {
      const store = await make(NO_BOOK);
      onTestFinished(() => store.close());
      return store;
    };

    test('small objects come back as they were put, whole and in ranges', async () => {
      const store = await opened();
      const objects = Array.from({ length: 40 }, (_, i) => ({
        key: newKey(),
        bytes: randomBytes(i * 997, `small ${i}`),
      }));
      await store.putSmall(objects);
      for (const { key, bytes } of objects) expect(await store.readWhole(key, bytes.length)).toEqual(bytes);
      const { key = '', bytes = Buffer.alloc(0) } = objects.at(-1) ?? {};
      expect(await bytesOf(store, key, 1_000, 5_000)).toEqual(bytes.subarray(1_000, 6_000));
      expect(await bytesOf(store, key, 7, 0)).toHaveLength(0);
      expect(await store.sizeOf(key)).toBe(bytes.length);
    });

    test('what is not there is not read, has no size, and can be removed', async () => {
      const store = await opened();
      await expect(store.read(newKey(), 0, 10)).rejects.toThrow();
      await expect(store.readWhole(newKey(), 10)).rejects.toThrow();
      expect(await store.sizeOf(newKey())).toBeUndefined();
      await store.remove([newKey(), newKey()]);
      await store.remove([]);
    });

    test('removed objects are gone, the others stay', async () => {
      const store = await opened();
      const [one, two, three] = [newKey(), newKey(), newKey()];
      await store.putSmall([one, two, three].map((key) => ({ key, bytes: Buffer.from(key) })));
      await store.remove([one, three]);
      expect(await Promise.all([one, two, three].map((key) => store.sizeOf(key)))).toEqual([
        undefined,
        two.length,
        undefined,
      ]);
    });

    test('old objects are listed with the ids they were made for, thumbnails are not', async () => {
      const store = await opened();
      const keys = [newKey(), newKey()];
      const thumbnail = `users/${USER}/thumbnails/${randomUUID()}-512.webp`;
      await store.putSmall([...keys, thumbnail].map((key) => ({ key, bytes: Buffer.from('x') })));
      const list = async (before: number): Promise<string[]> => {
        const found: string[] = [];
        for await (const page of store.olderThan(before)) found.push(...page.map(({ key, id }) => `${key} ${id}`));
        return found.sort();
      };
      expect(await list(Date.now() + 60_000)).toEqual(keys.map((key) => `${key} ${key.slice(-40, -4)}`).sort());
      expect(await list(Date.now() - 3_600_000)).toEqual([]);
    });

    test('an object is put together of parts that come in any order', async () => {
      const content = contentOf(randomBytes(12 * MiB, 'parts'));
      const { staged, key, parts, send, stored } = await construction(make, content);
      expect(parts.length).toBeGreaterThan(1);
      for (const part of parts.toReversed()) expect(await send(part)).toBe(part.sent.length);
      await staged.publish(key, content.bytes.length);
      expect((await stored()).equals(content.bytes)).toBe(true);
    });

    test('an object of one part, and one of none, are stored', async () => {
      for (const content of [contentOf(randomBytes(300 * KiB, 'one')), contentOf(Buffer.alloc(0))]) {
        const { store, staged, key, parts, send, stored } = await construction(make, content);
        for (const part of parts) await send(part);
        await staged.publish(key, content.bytes.length);
        expect((await stored()).equals(content.bytes)).toBe(true);
        expect(await store.sizeOf(key)).toBe(content.bytes.length);
      }
    });

    test('runs of a stored object are copied, long ones as parts and short ones between what is sent', async () => {
      const source = contentOf(randomBytes(16 * MiB, 'source'));
      const at = 9 * MiB;
      const content = contentOf(
        Buffer.concat([
          source.bytes.subarray(0, at),
          randomBytes(300 * KiB, 'new'),
          source.bytes.subarray(at, at + MiB + 300_000),
          randomBytes(7 * MiB, 'newer'),
        ]),
      );
      const { staged, key, parts, send, fill, stored } = await construction(make, content, source);
      expect(parts.some(({ sent }) => sent.length === 0)).toBe(true);
      expect(parts.some(({ sent, copies }) => sent.length > 0 && copies.length > 0)).toBe(true);
      for (const part of parts) await fill(part);
      for (const part of parts) if (part.sent.length > 0) await send(part);
      await staged.publish(key, content.bytes.length);
      expect((await stored()).equals(content.bytes)).toBe(true);
    });

    test('of a part that breaks off the whole chunks stay, and the rest completes it', async () => {
      const content = contentOf(randomBytes(4 * MiB, 'broken'));
      const { staged, key, parts, send, stored } = await construction(make, content);
      const [part] = parts;
      if (!part) throw new Error('There is no part.');
      const arrived = await send(part, 0, content.bytes.subarray(0, 2 * MiB));
      expect(arrived).toBeGreaterThan(1);
      expect(await staged.check([{ part: 0, ranges: [[0, content.bytes.length]], chunks: part.sent }])).toEqual([
        arrived,
      ]);
      // A client may have asked before the last of them had arrived.
      expect(await send(part, arrived - 1)).toBe(part.sent.length - arrived + 1);
      await staged.publish(key, content.bytes.length);
      expect((await stored()).equals(content.bytes)).toBe(true);
    });

    test('a part with a wrong byte counts up to there, and comes whole when it is sent again', async () => {
      const content = contentOf(randomBytes(2 * MiB, 'wrong'));
      const { staged, key, parts, send, stored } = await construction(make, content);
      const [part] = parts;
      if (!part) throw new Error('There is no part.');
      const wrong = Buffer.from(content.bytes);
      wrong[wrong.length - 1] = (wrong.at(-1) ?? 0) ^ 1;
      expect(await send(part, 0, wrong)).toBe(part.sent.length - 1);
      expect(await send(part)).toBe(part.sent.length);
      await staged.publish(key, content.bytes.length);
      expect((await stored()).equals(content.bytes)).toBe(true);
    });

    test('an object that is not as long as it should be is not published', async () => {
      const content = contentOf(randomBytes(MiB, 'long'));
      const { staged, key, parts, send } = await construction(make, content);
      for (const part of parts) await send(part);
      await expect(staged.publish(key, content.bytes.length + 1)).rejects.toThrow('bytes instead of');
    });

    test('of an object that is discarded nothing is left, and it can begin again', async () => {
      const content = contentOf(randomBytes(12 * MiB, 'discarded'));
      const { staged, key, parts, send, stored } = await construction(make, content);
      const [first, second] = parts;
      if (!first || !second) throw new Error('There are not two parts.');
      await send(first);
      await send(second, 0, joined(content, second.sent.slice(0, 2)));
      await staged.discard();
      const expected = parts.map(({ part, sent }) => ({ part, ranges: [], chunks: sent }));
      expect(await staged.check(expected)).toEqual(parts.map(() => 0));
      for (const part of parts) await send(part);
      await staged.publish(key, content.bytes.length);
      expect((await stored()).equals(content.bytes)).toBe(true);
    });
  });
});
