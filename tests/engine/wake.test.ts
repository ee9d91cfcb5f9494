import { beforeEach, describe, expect, test } from 'vitest';
import { watchWakeUps } from '../../main/engine/wake.ts';
import { JumpingClock } from './jumpingClock.ts';

const HOUR = 3_600_000;
let clock: JumpingClock;
let woken: number;
let stop: () => void;

beforeEach(() => {
  clock = new JumpingClock();
  woken = 0;
  stop = watchWakeUps(clock, () => {
    woken += 1;
  });
});

describe('waking up', () => {
  test('is not told while time passes as it should', () => {
    for (let n = 0; n < 400; n += 1) clock.advance(30_000);
    expect(woken).toBe(0);
  });

  test('is told once when the wall clock moved on while nothing ran', () => {
    clock.jump(8 * HOUR);
    for (let n = 0; n < 10; n += 1) clock.advance(30_000);
    expect(woken).toBe(1);
  });

  test('is told when the clock that never jumps counted the sleep too', () => {
    clock.advance(8 * HOUR);
    clock.advance(30_000);
    expect(woken).toBe(1);
  });

  test('is told for a clock set back: a look does no harm', () => {
    clock.jump(-HOUR);
    clock.advance(30_000);
    expect(woken).toBe(1);
  });

  test('is not told for the seconds by which clocks are corrected and timers are late', () => {
    clock.jump(3_000);
    clock.advance(33_000);
    clock.advance(30_000);
    expect(woken).toBe(0);
  });

  test('is not told after the end', () => {
    stop();
    clock.advance(HOUR);
    expect([woken, clock.waiting]).toEqual([0, []]);
  });
});
