import { beforeEach, expect, test } from 'vitest';
import { lookWhenWatched } from '../../../main/engine/watch/firstLook.ts';
import { ManualClock } from '../transfer/manualClock.ts';

let clock: ManualClock;
let ready: PromiseWithResolvers<void>;
let looks: number;
let giveUp: () => void;

beforeEach(() => {
  clock = new ManualClock();
  ready = Promise.withResolvers<void>();
  looks = 0;
  giveUp = lookWhenWatched(ready.promise, clock, () => {
    looks += 1;
  });
});

const watched = async (): Promise<void> => {
  ready.resolve();
  await ready.promise;
};

test('a folder is looked at once, when it is watched', async () => {
  expect(looks).toBe(0);
  await watched();
  expect(looks).toBe(1);
  clock.advance(60_000);
  expect(looks).toBe(1);
});

test('where watching takes its time the folder is looked at meanwhile, and once more when it is watched', async () => {
  clock.advance(5_000);
  expect(looks).toBe(1);
  await watched();
  expect(looks).toBe(2);
});

test('whoever gives up hears of neither', async () => {
  giveUp();
  await watched();
  clock.advance(60_000);
  expect(looks).toBe(0);
});
