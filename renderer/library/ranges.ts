/** Half-open: `from` is in, `to` is not. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** Indices as ranges in order, none touching the next: all of 50,000 costs as much as one. */
export type Ranges = readonly Range[];

export const NONE: Ranges = [];
export const only = (index: number): Ranges => [{ from: index, to: index + 1 }];
/** From one index to another, both in, whichever comes first. */
export const between = (a: number, b: number): Ranges => [{ from: Math.min(a, b), to: Math.max(a, b) + 1 }];
export const upTo = (count: number): Ranges => (count === 0 ? NONE : [{ from: 0, to: count }]);

export const size = (ranges: Ranges): number => ranges.reduce((sum, { from, to }) => sum + to - from, 0);

export const has = (ranges: Ranges, index: number): boolean => {
  const range = ranges[lastFrom(ranges, index)];
  return range !== undefined && index < range.to;
};

export const union = (a: Ranges, b: Ranges): Ranges => {
  const joined: Range[] = [];
  for (const range of [...a, ...b].sort((x, y) => x.from - y.from)) {
    const last = joined.at(-1);
    if (last !== undefined && range.from <= last.to) {
      joined[joined.length - 1] = { from: last.from, to: Math.max(last.to, range.to) };
    } else if (range.to > range.from) joined.push(range);
  }
  return joined;
};

export const without = (a: Ranges, b: Ranges): Ranges =>
  a.flatMap((range) => {
    let left: Range[] = [range];
    for (const hole of b) {
      left = left.flatMap(({ from, to }) => [
        ...(from < Math.min(to, hole.from) ? [{ from, to: Math.min(to, hole.from) }] : []),
        ...(Math.max(from, hole.to) < to ? [{ from: Math.max(from, hole.to), to }] : []),
      ]);
    }
    return left;
  });

export const difference = (a: Ranges, b: Ranges): Ranges => union(without(a, b), without(b, a));

/** Ranges from indices in any order. */
export const gathered = (indices: Iterable<number>): Ranges => {
  const made: { from: number; to: number }[] = [];
  for (const index of [...indices].sort((a, b) => a - b)) {
    const last = made.at(-1);
    if (last !== undefined && index <= last.to) last.to = Math.max(last.to, index + 1);
    else made.push({ from: index, to: index + 1 });
  }
  return made;
};

export function* each(ranges: Ranges): Generator<number> {
  for (const { from, to } of ranges) for (let index = from; index < to; index++) yield index;
}

/** How many of these lie before an index. */
export const before = (ranges: Ranges, index: number): number =>
  ranges.reduce((sum, { from, to }) => sum + Math.max(0, Math.min(to, index) - from), 0);

/** The index that stands at `place` once these are left out. */
export const skipping = (ranges: Ranges, place: number): number => {
  let index = place;
  for (const { from, to } of ranges) {
    if (from > index) break;
    index += to - from;
  }
  return index;
};

function lastFrom(ranges: Ranges, index: number): number {
  let low = 0;
  let high = ranges.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ranges[middle]?.from ?? 0) <= index) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
