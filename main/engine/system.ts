import { v7 as uuidv7 } from 'uuid';
import type { NodeId } from '../../shared/ids.ts';
import type { Clock, Random } from './ports.ts';

/** Timers take no longer waits than this, in ms. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after: (ms, callback) => {
    const timer = setTimeout(callback, Math.min(ms, LONGEST_TIMER_MS));
    timer.unref();
    return () => clearTimeout(timer);
  },
};

export const systemRandom: Random = { nodeId: () => uuidv7() as NodeId, fraction: () => Math.random() };
