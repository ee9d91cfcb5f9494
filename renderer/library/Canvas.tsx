import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, type RefObject, useEffect, useLayoutEffect, useMemo, useRef } from 'react';
import type { Place } from '../../shared/desktop/library.ts';
import { items as inItems } from '../wording/counts.ts';
import { Band } from './Band.tsx';
import styles from './Canvas.module.css';
import { layoutOf } from './layout.ts';
import { itemAt, library, useLibrary, wantRows } from './library.ts';
import { useListKeys } from './listKeys.ts';
import { useLooks } from './looks.ts';
import { frameFor } from './measures.ts';
import { usePointer } from './pointer.ts';
import { Row } from './Row.tsx';
import { watchSight } from './renewal.ts';
import { isSelected } from './selection.ts';
import { Tile } from './Tile.tsx';
import { useRoom } from './useRoom.ts';

interface CanvasProps {
  readonly scroller: RefObject<HTMLDivElement | null>;
  readonly place: Place;
}

/** Draws what is in sight of the list and nothing else: fifty thousand items cost as much as fifty. */
export function Canvas({ scroller, place }: CanvasProps): ReactNode {
  const { sections, total, selection, hold, view } = useLibrary();
  const state = library();
  const mode = useLooks((looks) => looks.mode);
  const wished = useLooks((looks) => looks.tile);
  const room = useRoom(scroller);
  const { width } = room;
  const frame = useMemo(() => frameFor(mode, room, wished), [mode, room, wished]);
  const layout = useMemo(() => layoutOf(sections, frame), [sections, frame]);
  const canvas = useRef<HTMLDivElement>(null);

  const virtual = useVirtualizer({
    count: width === 0 ? 0 : layout.rows,
    getScrollElement: () => scroller.current,
    estimateSize: layout.rowHeight,
    overscan: 2,
    paddingEnd: 24,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: sizes come from the layout, so a new one measures again
  useLayoutEffect(() => virtual.measure(), [layout, virtual]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each view, and where its hold was set
  useLayoutEffect(() => {
    if (scroller.current === null || hold === null || width === 0) return;
    const top = hold.index === 0 && hold.offset === 0 ? 0 : layout.topOf(hold.index) - hold.offset;
    if (Math.abs(scroller.current.scrollTop - top) > 1) scroller.current.scrollTop = top;
  }, [view, hold, width === 0]);

  const shown = virtual.getVirtualItems();
  const lines = shown.map(({ index, start }) => ({ start, row: layout.row(index) }));
  const first = lines.find(({ row }) => row.kind === 'items')?.row;
  const last = lines.findLast(({ row }) => row.kind === 'items')?.row;
  const from = first?.kind === 'items' ? first.from : 0;
  const to = last?.kind === 'items' ? last.to : 0;
  // biome-ignore lint/correctness/useExhaustiveDependencies: another view has other rows
  useEffect(() => {
    if (to > from) wantRows({ from, to });
  }, [from, to, view]);

  useEffect(() => {
    return watchSight(() => {
      const scrollTop = scroller.current?.scrollTop ?? 0;
      const index = scrollTop === 0 ? undefined : layout.within(scrollTop, scrollTop + frame.row, 0, 0)[0]?.from;
      const hold = index === undefined ? null : { index, offset: layout.topOf(index) - scrollTop };
      return { hold, items: to - from };
    });
  }, [scroller, layout, frame, from, to]);

  const keys = useListKeys({ scroller, layout, frame, place });
  const pointer = usePointer({ scroller, canvas, layout, frame, place });
  const cursor = selection.cursor;

  return (
    <div
      ref={canvas}
      className={styles.canvas}
      style={{ height: virtual.getTotalSize() }}
      role="listbox"
      aria-label={`Library, ${inItems(total)}`}
      aria-multiselectable="true"
      aria-activedescendant={cursor !== null && cursor >= from && cursor < to ? `item-${cursor}` : undefined}
      tabIndex={0}
      data-library-list
      {...keys}
      {...pointer.handlers}
    >
      {lines.map(({ start, row }) =>
        row.kind === 'heading' ? (
          <div
            key={`heading ${row.section.from}`}
            className={styles.heading}
            role="presentation"
            data-mode={mode}
            style={{ transform: `translateY(${start}px)`, left: mode === 'list' ? frame.left + 8 : frame.left }}
          >
            <b>{row.section.title}</b>
            <span>{inItems(row.section.count)}</span>
          </div>
        ) : (
          Array.from({ length: row.to - row.from }, (_, column) => {
            const index = row.from + column;
            const Item = mode === 'grid' ? Tile : Row;
            return (
              <Item
                key={index}
                index={index}
                total={total}
                item={itemAt(state, index)}
                selected={isSelected(selection, index)}
                cursor={index === cursor}
                x={frame.left + column * (frame.column + frame.gap)}
                y={start}
                width={frame.column}
                height={frame.tile}
              />
            );
          })
        ),
      )}
      {pointer.band !== null && <Band {...pointer.band} />}
    </div>
  );
}
