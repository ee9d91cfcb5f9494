import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  before,
  between,
  difference,
  each,
  gathered,
  has,
  type Ranges,
  size,
  skipping,
  union,
  without,
} from '../../renderer/library/ranges.ts';

const indices = fc.uniqueArray(fc.nat(40), { maxLength: 30 });
const set = (ranges: Ranges): Set<number> => new Set(each(ranges));

describe('ranges', () => {
  test('are the same set as their indices', () => {
    fc.assert(
      fc.property(indices, (some) => {
        expect(set(gathered(some))).toEqual(new Set(some));
      }),
    );
  });

  test('are in order and never touch', () => {
    fc.assert(
      fc.property(indices, indices, (a, b) => {
        for (const ranges of [union(gathered(a), gathered(b)), difference(gathered(a), gathered(b))]) {
          ranges.forEach((range, at) => {
            expect(range.to).toBeGreaterThan(range.from);
            expect(range.from).toBeGreaterThan(ranges[at - 1]?.to ?? -1);
          });
        }
      }),
    );
  });

  test('join, part and differ as sets do', () => {
    fc.assert(
      fc.property(indices, indices, (a, b) => {
        const [x, y] = [new Set(a), new Set(b)];
        expect(set(union(gathered(a), gathered(b)))).toEqual(new Set([...x, ...y]));
        expect(set(without(gathered(a), gathered(b)))).toEqual(new Set(a.filter((one) => !y.has(one))));
        expect(set(difference(gathered(a), gathered(b)))).toEqual(
          new Set([...a.filter((one) => !y.has(one)), ...b.filter((one) => !x.has(one))]),
        );
      }),
    );
  });

  test('know what they hold, and how much lies before an index', () => {
    fc.assert(
      fc.property(indices, fc.nat(40), (some, index) => {
        const ranges = gathered(some);
        expect(has(ranges, index)).toBe(some.includes(index));
        expect(before(ranges, index)).toBe(some.filter((one) => one < index).length);
        expect(size(ranges)).toBe(some.length);
      }),
    );
  });

  test('skip to the index that stands at a place once they are left out', () => {
    fc.assert(
      fc.property(indices, fc.nat(20), (some, place) => {
        const left = Array.from({ length: 80 }, (_, index) => index).filter((index) => !some.includes(index));
        expect(skipping(gathered(some), place)).toBe(left[place]);
      }),
    );
  });

  test('between two indices hold both, whichever comes first', () => {
    expect(between(7, 3)).toEqual([{ from: 3, to: 8 }]);
  });
});
