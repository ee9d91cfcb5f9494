import fc from 'fast-check';
import { expect, it } from 'vitest';
import { gearScan } from '../../../main/engine/hash/gearScan.ts';
import { GEAR } from '../../../shared/chunking/fastcdc.ts';
import { randomBytes } from '../../shared/randomBytes.ts';

const WINDOW_BYTES = 64 * 1024;
const gear = gearScan(WINDOW_BYTES);
randomBytes(WINDOW_BYTES, 7).copy(gear.window);

/** The definition: first position after `from` at which the masked hash is zero. */
function plainScan(from: number, to: number, mask: number, start: number): { found: number; hash: number } {
  let hash = start;
  for (let at = from; at < to; at += 1) {
    hash = ((hash << 1) + (GEAR[gear.window[at] ?? 0] ?? 0)) | 0;
    if ((hash & mask) === 0) return { found: at + 1, hash };
  }
  return { found: 0, hash };
}

const range = fc.tuple(fc.nat({ max: WINDOW_BYTES }), fc.nat({ max: 600 }));
const bits = fc.integer({ min: 1, max: 22 });

it('finds what the plain loop finds, and ends with the same hash', () => {
  fc.assert(
    fc.property(range, bits, fc.integer(), ([from, length], count, start) => {
      const to = Math.min(from + length, WINDOW_BYTES);
      const mask = -1 << (32 - count);
      const expected = plainScan(from, to, mask, start | 0);
      expect(gear.scan(from, to, mask, start | 0)).toBe(expected.found);
      if (expected.found === 0) expect(gear.lastHash()).toBe(expected.hash);
    }),
    { numRuns: 1_000 },
  );
});
