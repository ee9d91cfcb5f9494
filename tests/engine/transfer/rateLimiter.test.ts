import { expect, it } from 'vitest';
import { RateLimiter } from '../../../main/engine/transfer/rateLimiter.ts';
import { ManualClock } from './manualClock.ts';

it('costs nothing without a limit', () => {
  const limiter = new RateLimiter(null, new ManualClock());
  expect(limiter.take(1e12)).toBeUndefined();
});

it("lets a second's worth pass at once, then makes takers wait for their turn", () => {
  const clock = new ManualClock();
  const limiter = new RateLimiter(1_000, clock);
  expect(limiter.take(1_000)).toBeUndefined();
  expect(limiter.take(500)).toBeInstanceOf(Promise);
  expect(limiter.take(1_000)).toBeInstanceOf(Promise);
  expect(clock.waiting).toEqual([500, 1_500]);
});

it('fills again with time, but holds no more than a second', () => {
  const clock = new ManualClock();
  const limiter = new RateLimiter(1_000, clock);
  expect(limiter.take(1_000)).toBeUndefined();
  clock.advance(60_000);
  expect(limiter.take(1_000)).toBeUndefined();
  expect(limiter.take(1)).toBeInstanceOf(Promise);
});

it('follows a change of the limit', () => {
  const clock = new ManualClock();
  const limiter = new RateLimiter(1_000, clock);
  limiter.set(null);
  expect(limiter.take(1e9)).toBeUndefined();
  limiter.set(100);
  expect(limiter.take(200)).toBeInstanceOf(Promise);
  expect(clock.waiting).toEqual([2_000]);
});
