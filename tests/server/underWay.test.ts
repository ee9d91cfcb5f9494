import { expect, test } from 'vitest';
import type { PartReceiver } from '../../server/content/store.ts';
import { PartsUnderWay } from '../../server/content/underWay.ts';
import { isDiskFull } from '../../server/diskFull.ts';
import { refuse } from '../../server/refusal.ts';

const GONE = refuse('unavailable', 'Gone.');

/** A receiver whose writing takes until the test says so, and that answers nothing once it was dropped. */
function slow() {
  const said: string[] = [];
  const turn = Promise.withResolvers<void>();
  let dropped = false;
  const answer = async <T>(what: string, value: T): Promise<T> => {
    said.push(what);
    await turn.promise;
    return dropped ? new Promise<T>(() => undefined) : value;
  };
  const receiver: PartReceiver = {
    take: () => answer('take', undefined),
    finish: () => answer('finish', 1),
    drop: () => {
      said.push('drop');
      dropped = true;
    },
  };
  return { receiver, said, go: turn.resolve };
}

const roomFor = (bytes: number) => new PartsUnderWay(async () => bytes);
const bytes = [new Uint8Array(10)];

test('a part that fits is written and finished', async () => {
  const { receiver, said, go } = slow();
  go();
  const part = roomFor(10).add('file', [[0, 10]], receiver);
  await part.take(bytes);
  expect(await part.finish()).toBe(1);
  expect(said).toEqual(['take', 'finish']);
});

test('a part that does not fit is taken to its end, and none of it is written', async () => {
  const { receiver, said } = slow();
  const part = roomFor(9).add('file', [[0, 10]], receiver);
  await part.take(bytes);
  await expect(part.finish()).rejects.toSatisfy(isDiskFull);
  expect(said).toEqual([]);
});

test('a part whose file goes is let go once what it was writing is written, and ends with the reason', async () => {
  const { receiver, said, go } = slow();
  const parts = roomFor(10);
  const part = parts.add('file', [[0, 10]], receiver);
  const taking = part.take(bytes);
  await expect.poll(() => said).toEqual(['take']);
  const refusing = parts.refuse('file', GONE);
  go();
  await Promise.all([taking, refusing]);
  expect(said).toEqual(['take', 'drop']);
  await part.take(bytes);
  await expect(part.finish()).rejects.toBe(GONE);
});

test('a part that is just being finished when its file goes ends with the reason as well', async () => {
  const { receiver, said, go } = slow();
  const parts = roomFor(10);
  const part = parts.add('file', [[0, 10]], receiver);
  const finishing = part.finish();
  await expect.poll(() => said).toEqual(['finish']);
  const refusing = parts.refuse('file', GONE);
  go();
  await expect(finishing).rejects.toBe(GONE);
  await refusing;
  expect(said).toEqual(['finish']);
});

test('parts of other files go on', async () => {
  const { receiver, go } = slow();
  go();
  const parts = roomFor(10);
  const part = parts.add('file', [[0, 10]], receiver);
  await parts.refuse('another file', GONE);
  expect(await part.finish()).toBe(1);
});

test.each(['ENOSPC', 'EDQUOT', 'SQLITE_FULL', 'SQLITE_IOERR_SHMSIZE'])('%s is a full disk', (code) => {
  expect(isDiskFull(Object.assign(new Error('full'), { code }))).toBe(true);
});

test.each(['EIO', 'SQLITE_IOERR_WRITE', 'SQLITE_BUSY', undefined])('%s is none', (code) => {
  expect(isDiskFull(Object.assign(new Error('other'), { code }))).toBe(false);
});
