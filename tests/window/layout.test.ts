import { describe, expect, test } from 'vitest';
import { layoutOf } from '../../renderer/library/layout.ts';
import { columnsBetween, frameFor } from '../../renderer/library/measures.ts';
import { each } from '../../renderer/library/ranges.ts';

/** Three to a line: 5 items under a heading, then 4 under another. */
const layout = layoutOf(
  [
    { title: 'Today', from: 0, count: 5 },
    { title: 'This week', from: 5, count: 4 },
  ],
  { columns: 3, row: 100, heading: 40 },
);

describe('the layout of a sectioned grid', () => {
  test('is headings and lines of items, in order', () => {
    expect(Array.from({ length: layout.rows }, (_, at) => layout.row(at))).toEqual([
      { kind: 'heading', section: { title: 'Today', from: 0, count: 5 } },
      { kind: 'items', from: 0, to: 3 },
      { kind: 'items', from: 3, to: 5 },
      { kind: 'heading', section: { title: 'This week', from: 5, count: 4 } },
      { kind: 'items', from: 5, to: 8 },
      { kind: 'items', from: 8, to: 9 },
    ]);
  });

  test('is as high as its rows together', () => {
    const rows = Array.from({ length: layout.rows }, (_, at) => layout.rowHeight(at));
    expect(rows).toEqual([40, 100, 100, 40, 100, 100]);
    expect(layout.height).toBe(480);
  });

  test('knows where each item lies', () => {
    expect([0, 2, 3, 5, 8].map((index) => layout.topOf(index))).toEqual([40, 40, 140, 280, 380]);
    expect([0, 3, 8].map((index) => layout.rowOf(index))).toEqual([1, 2, 5]);
  });

  test('goes down and up in the same column, over the edge of a section', () => {
    expect(layout.vertical(1, 1)).toBe(4);
    expect(layout.vertical(4, 1)).toBe(6);
    expect(layout.vertical(6, -1)).toBe(4);
    expect(layout.vertical(0, 3)).toBe(8);
  });

  test('goes to the end of a line that is too short for the column', () => {
    expect(layout.vertical(2, 1)).toBe(4);
    expect(layout.vertical(7, 1)).toBe(8);
  });

  test('stays where there is no line beyond', () => {
    expect(layout.vertical(1, -1)).toBe(1);
    expect(layout.vertical(8, 1)).toBe(8);
  });

  test('finds the items that a rectangle touches, and none under a heading', () => {
    const within = (top: number, bottom: number, left: number, right: number): readonly number[] => [
      ...each(layout.within(top, bottom, left, right)),
    ];
    expect(within(100, 160, 1, 2)).toEqual([1, 2, 4]);
    expect(within(0, 30, 0, 2)).toEqual([]);
    expect(within(0, 480, 0, 0)).toEqual([0, 3, 5, 8]);
  });

  test('of fifty thousand items costs what its sections cost', () => {
    const large = layoutOf([{ title: null, from: 0, count: 50_000 }], { columns: 5, row: 100, heading: 40 });
    expect(large.rows).toBe(10_000);
    expect(large.row(9_999)).toEqual({ kind: 'items', from: 49_995, to: 50_000 });
  });
});

describe('the measures of the grid', () => {
  test.each([360, 520, 777, 1_320, 3_000])('fill a width of %i exactly', (width) => {
    const { columns, column, gap, left } = frameFor('grid', { width, gutter: 0 }, 140);
    expect(left * 2 + columns * column + (columns - 1) * gap).toBeCloseTo(width);
  });

  test('show at least two columns on a phone', () => {
    expect(frameFor('grid', { width: 360, gutter: 0 }, 320).columns).toBe(2);
  });

  test('tell which columns a rubber band crosses, and none between two', () => {
    const frame = frameFor('grid', { width: 1_000, gutter: 0 }, 228);
    expect(frame.columns).toBe(4);
    expect(columnsBetween(frame, 30, 600)).toEqual([0, 2]);
    const between = frame.left + frame.column + 2;
    expect(columnsBetween(frame, between, between + 4)).toBeNull();
  });
});
