import { beforeEach, describe, expect, test } from 'vitest';
import { Rescans } from '../../../main/engine/watch/rescans.ts';
import { ManualClock } from '../transfer/manualClock.ts';

const MINUTE = 60_000;
let clock: ManualClock;
let looks: (readonly string[] | 'all')[];
let took: number;
let fails: boolean;
let rescans: Rescans;

beforeEach(() => {
  clock = new ManualClock();
  looks = [];
  took = 0;
  fails = false;
  rescans = new Rescans(clock, async (folders) => {
    looks.push(folders);
    clock.advance(took);
    if (fails) throw new Error('the disk is away');
  });
});

/** What a look leads to is done. */
const pass = async (ms: number): Promise<void> => {
  clock.advance(ms);
  await new Promise(setImmediate);
};

describe('where watching failed', () => {
  test('nothing is looked at before it fails', () => {
    expect(clock.waiting).toEqual([]);
  });

  test('just those folders are looked at, every minute', async () => {
    rescans.add('a');
    rescans.add('b/c');
    rescans.add('a');
    await pass(MINUTE);
    await pass(MINUTE);
    expect(looks).toEqual([
      ['a', 'b/c'],
      ['a', 'b/c'],
    ]);
  });

  test('everything is looked at when nobody knows where', async () => {
    rescans.add('a');
    rescans.add(null);
    await pass(MINUTE);
    expect(looks).toEqual(['all']);
  });

  test('everything is looked at when it is very many folders', async () => {
    for (let n = 0; n <= 1_000; n += 1) rescans.add(`${n}`);
    await pass(MINUTE);
    expect(looks).toEqual(['all']);
  });

  test('a look that took long is followed by a long rest', async () => {
    took = 30_000;
    rescans.add(null);
    await pass(MINUTE);
    expect(clock.waiting).toEqual([600_000]);
  });

  test('a look that failed is not the last', async () => {
    fails = true;
    rescans.add('a');
    await pass(MINUTE);
    await pass(MINUTE);
    expect(looks).toHaveLength(2);
  });

  test('it ends with the engine', async () => {
    rescans.add('a');
    rescans.close();
    await pass(MINUTE);
    expect(looks).toEqual([]);
  });
});
