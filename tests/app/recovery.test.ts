import { expect, test } from 'vitest';
import { recovery } from '../../main/app/recovery.ts';

function scene() {
  const done: (string | number)[] = [];
  let time = 0;
  let due: (() => void) | null = null;
  const back = recovery({
    reload: () => done.push('reload'),
    giveUp: () => done.push('give up'),
    now: () => time,
    after: (ms, run) => {
      done.push(ms);
      due = run;
      return () => {
        due = null;
      };
    },
  });
  return {
    ...{ done, back },
    later: (ms: number) => {
      time += ms;
      due?.();
      due = null;
    },
  };
}

test('each crash waits twice as long as the one before, and the third gives up', () => {
  const { done, back, later } = scene();
  for (let crash = 0; crash < 3; crash++) {
    back.crashed();
    later(4_000);
  }
  expect(done).toEqual([1_000, 'reload', 2_000, 'reload', 4_000, 'give up']);
});

test('a crash long after the last one is a new trouble', () => {
  const { done, back, later } = scene();
  back.crashed();
  later(61_000);
  back.crashed();
  expect(done).toEqual([1_000, 'reload', 1_000]);
});

test('a window that is gone is not brought back', () => {
  const { done, back, later } = scene();
  back.crashed();
  back.forget();
  later(10_000);
  expect(done).toEqual([1_000]);
});
