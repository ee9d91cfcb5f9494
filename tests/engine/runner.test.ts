import { expect, test } from 'vitest';
import { Runner } from '../../main/engine/runner.ts';

/** A job whose runs end when told to. */
function stepwise() {
  const ends: (() => void)[] = [];
  let begun = 0;
  const runner = new Runner(() => {
    begun += 1;
    return new Promise<void>((resolve) => ends.push(resolve));
  });
  return { runner, begun: () => begun, end: () => ends.shift()?.() };
}

test('answers every request with a run begun after it, and many waiting ones with the same run', async () => {
  const { runner, begun, end } = stepwise();
  const first = runner.request();
  const second = runner.request();
  const third = runner.request();
  expect(begun()).toBe(1);
  end();
  await first;
  await Promise.resolve();
  expect(begun()).toBe(2);
  end();
  await Promise.all([second, third]);
  expect(begun()).toBe(2);
  expect(runner.busy).toBe(false);
});

test('a run that fails tells those who asked for it, and the next one runs all the same', async () => {
  let runs = 0;
  const runner = new Runner(async () => {
    runs += 1;
    if (runs === 1) throw new Error('first');
  });
  const first = runner.request();
  const second = runner.request();
  await expect(first).rejects.toThrow('first');
  await second;
  expect(runs).toBe(2);
});

test('closing waits for the run under way and begins no other', async () => {
  const { runner, begun, end } = stepwise();
  void runner.request();
  const waiting = runner.request();
  const closed = runner.close();
  end();
  await closed;
  await waiting;
  await runner.request();
  expect(begun()).toBe(1);
});
