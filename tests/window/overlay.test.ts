import { describe, expect, test } from 'vitest';
import { inView, rangesInView, shownSections, shownTotal, takeOut, UNTOUCHED } from '../../renderer/library/overlay.ts';

const view = {
  id: 1,
  total: 9,
  bytes: 0,
  sections: [
    { title: 'Today', from: 0, count: 2 },
    { title: 'This week', from: 2, count: 7 },
  ],
};

describe('what was taken out here, before the view knows', () => {
  const overlay = takeOut(UNTOUCHED, [{ from: 0, to: 3 }]);

  test('is not counted, and an emptied section goes', () => {
    expect(shownTotal(view, overlay)).toBe(6);
    expect(shownSections(view, overlay)).toEqual([{ title: 'This week', from: 0, count: 6 }]);
  });

  test('leaves the others where the view has them', () => {
    expect([0, 1, 5].map((index) => inView(overlay, index))).toEqual([3, 4, 8]);
  });

  test('adds up when more is taken out', () => {
    const more = takeOut(overlay, [{ from: 1, to: 2 }]);
    expect(more.removed).toEqual([
      { from: 0, to: 3 },
      { from: 4, to: 5 },
    ]);
    expect(rangesInView(more, [{ from: 0, to: 3 }])).toEqual([
      { from: 3, to: 4 },
      { from: 5, to: 7 },
    ]);
  });
});
