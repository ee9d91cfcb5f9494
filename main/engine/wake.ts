import type { Clock } from './ports.ts';

/** Seldom enough that a computer at rest stays at rest. */
const TICK_MS = 30_000;
/** More than any timer is late on a busy computer, less than any sleep worth knowing of. */
const GAP_MS = 10_000;

/**
 * Tells when the computer seems to have slept: a tick comes much too late, or the clock on the wall has moved on without
 * the one that only counts running time. A clock that was set looks the same, and a look at both sides does no harm.
 * Returns how to stop.
 */
export function watchWakeUps(clock: Clock, onWake: () => void): () => void {
  let wall = clock.now();
  let running = clock.monotonic();
  let cancel: () => void;
  const tick = (): void => {
    const wallPassed = clock.now() - wall;
    const runningPassed = clock.monotonic() - running;
    wall += wallPassed;
    running += runningPassed;
    cancel = clock.after(TICK_MS, tick);
    if (runningPassed > TICK_MS + GAP_MS || Math.abs(wallPassed - runningPassed) > GAP_MS) onWake();
  };
  cancel = clock.after(TICK_MS, tick);
  return () => cancel();
}
