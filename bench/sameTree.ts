import { differences, readTree } from '../tests/e2e/harness/tree.ts';

/** Throws with the first differences unless two folders hold the same names, bytes, times and executable bits. */
export function sameTree(one: string, other: string): void {
  const found = differences(readTree(one), readTree(other));
  if (found.length > 0)
    throw new Error(`not the same after ${found.length} differences: ${found.slice(0, 3).join('; ')}`);
}
