import type { Random } from './ports.ts';

const FIRST_MS = 1_000;
const LAST_MS = 5 * 60_000;

/** Wait before the next try in ms: 1 s doubling to 5 min, each shortened by up to a half so that clients spread out. */
export function backoffMs(attempts: number, random: Random, lastMs: number = LAST_MS): number {
  const full = Math.min(lastMs, FIRST_MS * 2 ** Math.min(attempts, 20));
  return Math.round(full * (1 - random.fraction() / 2));
}
