import { beforeEach, describe, expect, test } from 'vitest';
import { Pause } from '../../main/engine/pause.ts';
import { JumpingClock } from './jumpingClock.ts';

const HOUR = 3_600_000;
let clock: JumpingClock;
let ended: number;
let pause: Pause;

beforeEach(() => {
  clock = new JumpingClock();
  ended = 0;
  pause = new Pause(clock, () => {
    ended += 1;
  });
});

describe('a pause', () => {
  test('for a time ends by itself, once', () => {
    pause.begin(HOUR);
    clock.advance(HOUR - 1);
    expect([pause.active, ended]).toEqual([true, 0]);
    clock.advance(HOUR);
    expect([pause.active, ended]).toEqual([false, 1]);
  });

  test('without one lasts until it is ended', () => {
    pause.begin(null);
    clock.advance(1_000 * HOUR);
    expect(pause.active).toBe(true);
    pause.end();
    expect([pause.active, ended, clock.waiting]).toEqual([false, 0, []]);
  });

  test('takes the place of the one before', () => {
    pause.begin(HOUR);
    pause.begin(3 * HOUR);
    clock.advance(2 * HOUR);
    expect(pause.active).toBe(true);
  });

  test('that was over while the computer slept ends when it wakes', () => {
    pause.begin(HOUR);
    clock.jump(8 * HOUR);
    pause.woken();
    clock.advance(0);
    expect([pause.active, ended]).toEqual([false, 1]);
  });

  test('ends at its time though the computer slept for a part of it', () => {
    pause.begin(2 * HOUR);
    clock.jump(HOUR);
    pause.woken();
    expect(clock.waiting).toEqual([HOUR]);
  });
});
