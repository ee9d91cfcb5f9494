import type { Measures } from './layout.ts';

/** Sizes of the grid and the list in CSS pixels; the style sheets of tile and row hold to them. */
export interface Frame extends Measures {
  readonly left: number;
  /** Width of one column, without the space beside it. */
  readonly column: number;
  readonly gap: number;
  /** Height of what is drawn of a row, without the space below it. */
  readonly tile: number;
}

/** Inside the list, in CSS pixels; `width` without the scroll bar. */
export interface Room {
  readonly width: number;
  readonly gutter: number;
}

const GAP = 12;
const CAPTION = 45;
const BETWEEN = 11;
const HEADING = 48;
const LIST_ROW = 44;

/** `gutter` is what the scroll bar takes; the space on the right makes up for it. */
export function frameFor(mode: 'grid' | 'list', { width, gutter }: Room, wished: number): Frame {
  const left = width < 520 ? 12 : 20;
  const inner = Math.max(80, width - left - Math.max(8, left - gutter));
  if (mode === 'list') {
    return { columns: 1, row: LIST_ROW, heading: 40, left: left - 8, column: inner + 16, gap: 0, tile: LIST_ROW };
  }
  const least = width < 520 ? 2 : 1;
  const columns = Math.max(least, Math.floor((inner + GAP) / (wished + GAP)));
  const column = (inner - GAP * (columns - 1)) / columns;
  const tile = Math.round(column * 0.75) + CAPTION;
  return { columns, row: tile + BETWEEN, heading: HEADING, left, column, gap: GAP, tile };
}

/** Which columns lie between two places across, both in; none when they lie in the space between. */
export function columnsBetween(
  { left, column, gap, columns }: Frame,
  from: number,
  to: number,
): [number, number] | null {
  const first = Math.max(0, Math.floor((from - left + gap) / (column + gap)));
  const last = Math.min(columns - 1, Math.floor((to - left) / (column + gap)));
  return first > last || to < left ? null : [first, last];
}
