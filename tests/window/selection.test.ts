import { describe, expect, test } from 'vitest';
import { each } from '../../renderer/library/ranges.ts';
import {
  afterRemoval,
  aimedAt,
  all,
  band,
  choose,
  count,
  extend,
  NOTHING,
  type Selection,
  toggle,
} from '../../renderer/library/selection.ts';

const chosen = ({ ranges }: Selection): readonly number[] => [...each(ranges)];

describe('the selection', () => {
  test('is one item after a plain click', () => {
    expect(chosen(choose(4))).toEqual([4]);
  });

  test('takes an item in, and out again, with Ctrl', () => {
    const two = toggle(choose(4), 9);
    expect(chosen(two)).toEqual([4, 9]);
    expect(chosen(toggle(two, 4))).toEqual([9]);
  });

  test('reaches from the anchor with Shift, and shrinks when the way back is taken', () => {
    const reached = extend(choose(4), 8);
    expect(chosen(reached)).toEqual([4, 5, 6, 7, 8]);
    expect(chosen(extend(reached, 6))).toEqual([4, 5, 6]);
    expect(chosen(extend(reached, 2))).toEqual([2, 3, 4]);
  });

  test('keeps what was chosen apart when a range is drawn with Shift', () => {
    const apart = toggle(choose(1), 5);
    expect(chosen(extend(apart, 7))).toEqual([1, 5, 6, 7]);
    expect(chosen(extend(extend(apart, 7), 6))).toEqual([1, 5, 6]);
  });

  test('is what a rubber band covers, and with Ctrl the other way round of what it was', () => {
    const covered = [{ from: 2, to: 5 }];
    expect(chosen(band(choose(9), covered, false))).toEqual([2, 3, 4]);
    expect(chosen(band(choose(3), covered, true))).toEqual([2, 4]);
  });

  test('of everything is one range, however much that is', () => {
    const everything = all(50_000, NOTHING);
    expect(count(everything)).toBe(50_000);
    expect(everything.ranges).toHaveLength(1);
  });

  test('stays when a command is given on a part of it, and moves when it is given elsewhere', () => {
    const three = extend(choose(4), 6);
    expect(chosen(aimedAt(three, 5))).toEqual([4, 5, 6]);
    expect(chosen(aimedAt(three, 9))).toEqual([9]);
  });

  test('leaves the keyboard where the removed items were, or at the end', () => {
    expect(afterRemoval(extend(choose(4), 6), 20)).toMatchObject({ ranges: [], cursor: 4 });
    expect(afterRemoval(extend(choose(4), 6), 4)).toMatchObject({ ranges: [], cursor: 3 });
    expect(afterRemoval(choose(0), 0).cursor).toBeNull();
  });
});
