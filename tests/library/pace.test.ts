import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Pace } from '../../main/library/pace.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
afterEach(() => void vi.useRealTimers());

function changingAllTheTime(pace: Pace, ms: number): void {
  for (let passed = 0; passed < ms; passed += 10) {
    pace.changed();
    vi.advanceTimersByTime(10);
  }
}

test('one change is told at once, many at the shortest distance', () => {
  const tell = vi.fn();
  const pace = new Pace(100, tell);
  pace.changed();
  expect(tell).toHaveBeenCalledOnce();
  changingAllTheTime(pace, 1_000);
  expect(tell.mock.calls.length).toBeGreaterThanOrEqual(10);
  expect(tell.mock.calls.length).toBeLessThanOrEqual(11);
});
test('what takes long to look at is told of more rarely', () => {
  const tell = vi.fn();
  const pace = new Pace(100, tell);
  pace.measure(() => vi.advanceTimersByTime(50));
  changingAllTheTime(pace, 5_000);
  expect(tell.mock.calls.length).toBeLessThanOrEqual(6);
  expect(tell.mock.calls.length).toBeGreaterThanOrEqual(5);
});
test('what a person does is told at once all the same', () => {
  const tell = vi.fn();
  const pace = new Pace(100, tell);
  pace.changed();
  pace.now();
  expect(tell).toHaveBeenCalledTimes(2);
});
test('the last change is never lost', () => {
  const tell = vi.fn();
  const pace = new Pace(100, tell);
  pace.changed();
  pace.changed();
  vi.advanceTimersByTime(1_000);
  expect(tell).toHaveBeenCalledTimes(2);
});
