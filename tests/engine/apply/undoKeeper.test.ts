import { beforeEach, describe, expect, test } from 'vitest';
import { UndoKeeper } from '../../../main/engine/apply/undoKeeper.ts';
import { ManualClock } from '../transfer/manualClock.ts';

const HOUR = 3_600_000;
let clock: ManualClock;
let pruned: number;
let fails: boolean;
let keeper: UndoKeeper;

beforeEach(() => {
  clock = new ManualClock();
  pruned = 0;
  fails = false;
  keeper = new UndoKeeper(clock, async () => {
    pruned += 1;
    if (fails) throw new Error('denied');
  });
});

const pass = async (ms: number): Promise<void> => {
  clock.advance(ms);
  await new Promise(setImmediate);
};

describe('undo is pruned', () => {
  test('at the start and every hour', async () => {
    keeper.start();
    await pass(0);
    expect(pruned).toBe(1);
    for (let n = 0; n < 3; n += 1) await pass(HOUR);
    expect(pruned).toBe(4);
  });

  test('again after it could not be', async () => {
    fails = true;
    keeper.start();
    await pass(0);
    await pass(HOUR);
    expect(pruned).toBe(2);
  });

  test('no more after the end', async () => {
    keeper.start();
    await keeper.close();
    await pass(HOUR);
    expect([pruned, clock.waiting]).toEqual([1, []]);
  });
});
