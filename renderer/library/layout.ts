import type { LibrarySection } from '../../shared/desktop/library.ts';
import { type Range, type Ranges, union } from './ranges.ts';

/** Sizes in CSS pixels. */
export interface Measures {
  readonly columns: number;
  /** Height of a row of items, with the space below it. */
  readonly row: number;
  /** Height of a section's heading. */
  readonly heading: number;
}

export type LayoutRow =
  | { readonly kind: 'heading'; readonly section: LibrarySection }
  | { readonly kind: 'items'; readonly from: number; readonly to: number };

interface Block {
  readonly section: LibrarySection;
  readonly firstRow: number;
  readonly top: number;
  readonly headed: boolean;
  readonly lines: number;
}

/** Where everything of a sectioned grid lies. Its cost is that of the sections, however many items they hold. */
export interface Layout {
  readonly rows: number;
  readonly height: number;
  row(at: number): LayoutRow;
  rowHeight(at: number): number;
  rowOf(index: number): number;
  topOf(index: number): number;
  /** Items that a rectangle touches. `left` and `right` are columns, whole numbers, both in. */
  within(top: number, bottom: number, left: number, right: number): Ranges;
  /** The item one line up or down, over the edges of sections. */
  vertical(index: number, lines: number): number;
}

export function layoutOf(sections: readonly LibrarySection[], measures: Measures): Layout {
  const { columns, row: rowHeight, heading } = measures;
  const blocks: Block[] = [];
  let rows = 0;
  let height = 0;
  for (const section of sections) {
    if (section.count === 0) continue;
    const headed = section.title !== null;
    const lines = Math.ceil(section.count / columns);
    blocks.push({ section, firstRow: rows, top: height, headed, lines });
    rows += lines + Number(headed);
    height += lines * rowHeight + (headed ? heading : 0);
  }
  const total = blocks.reduce((sum, { section }) => sum + section.count, 0);

  const line = ({ section }: Block, at: number): Range => ({
    from: section.from + at * columns,
    to: Math.min(section.from + section.count, section.from + (at + 1) * columns),
  });
  const blockOf = (index: number): Block | undefined => last(blocks, ({ section }) => section.from <= index);
  const lineOf = (block: Block, index: number): number => Math.floor((index - block.section.from) / columns);
  const itemsTop = (block: Block): number => block.top + (block.headed ? heading : 0);

  return {
    rows,
    height,
    row: (at) => {
      const block = last(blocks, ({ firstRow }) => firstRow <= at);
      if (block === undefined) return { kind: 'items', from: 0, to: 0 };
      const inside = at - block.firstRow - Number(block.headed);
      if (inside < 0) return { kind: 'heading', section: block.section };
      return { kind: 'items', ...line(block, inside) };
    },
    rowHeight: (at) => {
      const block = last(blocks, ({ firstRow }) => firstRow <= at);
      return block?.headed && block.firstRow === at ? heading : rowHeight;
    },
    rowOf: (index) => {
      const block = blockOf(index);
      return block === undefined ? 0 : block.firstRow + Number(block.headed) + lineOf(block, index);
    },
    topOf: (index) => {
      const block = blockOf(index);
      return block === undefined ? 0 : itemsTop(block) + lineOf(block, index) * rowHeight;
    },
    within: (top, bottom, left, right) => {
      const found: Range[] = [];
      for (const block of blocks) {
        const start = itemsTop(block);
        if (start > bottom || start + block.lines * rowHeight < top) continue;
        const first = Math.max(0, Math.floor((top - start) / rowHeight));
        const final = Math.min(block.lines - 1, Math.floor((bottom - start) / rowHeight));
        for (let at = first; at <= final; at++) {
          const { from, to } = line(block, at);
          const range = { from: Math.min(to, from + left), to: Math.min(to, from + right + 1) };
          if (range.to > range.from) found.push(range);
        }
      }
      return union(found, []);
    },
    vertical: (index, lines) => {
      let at = index;
      for (let step = 0; step < Math.abs(lines); step++) {
        const next = oneLine(at, Math.sign(lines));
        if (next === at) break;
        at = next;
      }
      return at;
    },
  };

  function oneLine(index: number, way: number): number {
    const block = blockOf(index);
    if (block === undefined) return index;
    const column = (index - block.section.from) % columns;
    const at = lineOf(block, index) + way;
    const target = at < 0 || at >= block.lines ? blocks[blocks.indexOf(block) + way] : block;
    if (target === undefined) return way < 0 ? index : Math.max(index, Math.min(total - 1, index));
    const range = line(target, target === block ? at : way > 0 ? 0 : target.lines - 1);
    return Math.min(range.to - 1, range.from + column);
  }
}

function last<T>(sorted: readonly T[], matches: (item: T) => boolean): T | undefined {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const item = sorted[middle];
    if (item !== undefined && matches(item)) low = middle + 1;
    else high = middle;
  }
  return sorted[low - 1];
}
