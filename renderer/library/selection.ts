import { between, difference, has, NONE, only, type Ranges, size, union, upTo, without } from './ranges.ts';

/**
 * What is selected in a list, by index. `cursor` is where the keyboard stands, `anchor` where a range began, and `kept`
 * what was selected besides that range, so that the range can be drawn anew.
 */
export interface Selection {
  readonly ranges: Ranges;
  readonly cursor: number | null;
  readonly anchor: number | null;
  readonly kept: Ranges;
}

export const NOTHING: Selection = { ranges: NONE, cursor: null, anchor: null, kept: NONE };

/** A plain click, or a plain arrow: this one and no other. */
export const choose = (index: number): Selection => ({
  ranges: only(index),
  cursor: index,
  anchor: index,
  kept: NONE,
});

/** Ctrl or ⌘ and click: this one in or out, the rest as it is. */
export const toggle = (selection: Selection, index: number): Selection => {
  const ranges = difference(selection.ranges, only(index));
  return { ranges, cursor: index, anchor: index, kept: without(ranges, only(index)) };
};

/** Shift: everything from the anchor to here, instead of what the range before it held. */
export const extend = (selection: Selection, index: number): Selection => {
  const anchor = selection.anchor ?? selection.cursor ?? index;
  return { ...selection, anchor, cursor: index, ranges: union(selection.kept, between(anchor, index)) };
};

/** A rubber band over these; `base` is what was selected when it began. */
export const band = (base: Selection, covered: Ranges, adding: boolean): Selection => {
  const ranges = adding ? difference(base.ranges, covered) : covered;
  const last = covered.at(-1);
  return {
    ranges,
    cursor: last === undefined ? base.cursor : last.to - 1,
    anchor: covered[0]?.from ?? null,
    kept: NONE,
  };
};

export const all = (total: number, selection: Selection): Selection => ({
  ranges: upTo(total),
  cursor: selection.cursor ?? (total === 0 ? null : 0),
  anchor: 0,
  kept: NONE,
});

/** Moves the keyboard without selecting. */
export const standAt = (selection: Selection, index: number): Selection => ({ ...selection, cursor: index });

export const isSelected = (selection: Selection, index: number): boolean => has(selection.ranges, index);
export const count = (selection: Selection): number => size(selection.ranges);

/** What a command acts upon that was given on an item: the selection if it is one of it, else that item alone. */
export const aimedAt = (selection: Selection, index: number): Selection =>
  isSelected(selection, index) ? standAt(selection, index) : choose(index);

/** The same once these indices are gone: the cursor goes to what stands there now. */
export const afterRemoval = (selection: Selection, total: number): Selection => {
  const first = selection.ranges[0]?.from ?? selection.cursor;
  if (first === null || total === 0) return NOTHING;
  const index = Math.min(first, total - 1);
  return { ...NOTHING, cursor: index, anchor: index };
};
