import { type KeyboardEvent, type RefObject, useMemo, useRef } from 'react';
import type { Place } from '../../shared/desktop/library.ts';
import { ask } from '../desk/ask.ts';
import { standing } from '../desk/snapshot.ts';
import { download } from '../drop/download.ts';
import { toggleInspector } from '../inspector/sheet.ts';
import { tagSelection } from '../inspector/tagging.ts';
import { lookAt } from '../quicklook/quickLook.ts';
import { copyFiles, favourite, restore, trash } from './actions.ts';
import type { Layout } from './layout.ts';
import { library, select } from './library.ts';
import type { Frame } from './measures.ts';
import { openItem } from './open.ts';
import { inView } from './overlay.ts';
import { before } from './ranges.ts';
import { all, choose, extend, NOTHING, type Selection, standAt, toggle } from './selection.ts';

interface ListKeys {
  readonly scroller: RefObject<HTMLDivElement | null>;
  readonly layout: Layout;
  readonly frame: Frame;
  readonly place: Place;
}

/** Letters within this time belong to one word. */
const WORD_MS = 700;

/** The keyboard in the list. A letter is a command when it is one and no word is being typed; else it looks for names. */
export function useListKeys({ scroller, layout, frame, place }: ListKeys): {
  readonly onKeyDown: (event: KeyboardEvent) => void;
  readonly onFocus: () => void;
} {
  const word = useRef({ text: '', at: 0 });
  return useMemo(() => {
    const land = (index: number, event: Pick<KeyboardEvent, 'shiftKey' | 'ctrlKey' | 'metaKey'>): void => {
      const { selection } = library();
      const next = event.shiftKey
        ? extend(selection, index)
        : event.ctrlKey
          ? standAt(selection, index)
          : choose(index);
      select(next);
      keepInSight(scroller.current, layout, frame, index);
    };
    const typed = async (letter: string, at: number): Promise<void> => {
      const { view, overlay, selection } = library();
      if (view === null) return;
      const going = at - word.current.at < WORD_MS ? word.current.text : '';
      word.current = { text: going + letter, at };
      const from = inView(overlay, selection.cursor ?? 0) + (going === '' ? 1 : 0);
      const found = await ask('library.find', { view: view.id, prefix: word.current.text, after: from % view.total });
      if (!found.ok || found.value === null || library().view !== view) return;
      land(found.value - before(overlay.removed, found.value), { shiftKey: false, ctrlKey: false, metaKey: false });
    };
    return {
      onFocus: () => {
        const { selection, total } = library();
        if (selection.cursor === null && total > 0) select(standAt(selection, firstInSight(scroller.current, layout)));
      },
      onKeyDown: (event) => {
        const { selection, total } = library();
        if (event.target !== event.currentTarget || total === 0) return;
        const command = event.ctrlKey || event.metaKey;
        const move = destination(event.key, selection.cursor ?? -1, layout, frame, scroller.current, total);
        if (move !== null) land(move, event);
        else if (command && event.key.toLowerCase() === 'a') select(all(total, selection));
        else if (command && event.key.toLowerCase() === 'c') copy(place, selection);
        else if (command && event.key === ' ' && selection.cursor !== null) select(toggle(selection, selection.cursor));
        else if (command || event.altKey) return;
        else if (event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey)) openMenu(selection);
        else if (event.key === 'Enter' && selection.cursor !== null) openItem(selection.cursor);
        else if (event.key === 'Escape') select({ ...NOTHING, cursor: selection.cursor });
        else if (event.key === 'Delete' || event.key === 'Backspace') remove(place, selection);
        else if (event.key === ' ') lookAt(selection.cursor ?? 0);
        else if (event.key.length === 1 && event.key !== '?') {
          const typing = event.timeStamp - word.current.at < WORD_MS;
          if (typing || !shortcut(event.key.toLowerCase(), place, selection)) void typed(event.key, event.timeStamp);
        } else return;
        event.preventDefault();
      },
    };
  }, [scroller, layout, frame, place]);
}

function shortcut(key: string, place: Place, { ranges }: Selection): boolean {
  if (key === 'i') {
    toggleInspector();
    return true;
  }
  if (ranges.length === 0) return false;
  if (key === 'r' && place.kind === 'trash') void restore(ranges);
  else if (place.kind === 'trash') return false;
  else if (key === 'f') void favourite(ranges);
  else if (key === 't') tagSelection();
  else return false;
  return true;
}

/** The menu opens where the item is, as if it had been pointed at. */
function openMenu({ cursor }: Selection): void {
  const item = document.getElementById(`item-${cursor}`);
  const { left = 0, top = 0, width = 0, height = 0 } = item?.getBoundingClientRect() ?? {};
  const [clientX, clientY] = [left + width / 2, top + height / 2];
  item?.dispatchEvent(new MouseEvent('contextmenu', { bubbles: true, cancelable: true, clientX, clientY, button: 2 }));
}

/** In the trash nothing goes further by a key alone. */
function remove(place: Place, { ranges }: Selection): void {
  if (place.kind !== 'trash' && ranges.length > 0) void trash(ranges);
}

function copy(place: Place, { ranges }: Selection): void {
  if (ranges.length === 0 || place.kind === 'trash') return;
  if (standing()?.host.can.copyFiles) void copyFiles(ranges);
  else download(ranges);
}

function destination(
  key: string,
  from: number,
  layout: Layout,
  frame: Frame,
  scroller: HTMLElement | null,
  total: number,
): number | null {
  const page = Math.max(1, Math.floor((scroller?.clientHeight ?? 0) / frame.row) - 1);
  const start = from === -1 ? 0 : null;
  switch (key) {
    case 'ArrowRight':
      return start ?? Math.min(total - 1, from + 1);
    case 'ArrowLeft':
      return start ?? Math.max(0, from - 1);
    case 'ArrowDown':
      return start ?? layout.vertical(from, 1);
    case 'ArrowUp':
      return start ?? layout.vertical(from, -1);
    case 'PageDown':
      return start ?? layout.vertical(from, page);
    case 'PageUp':
      return start ?? layout.vertical(from, -page);
    case 'Home':
      return 0;
    case 'End':
      return total - 1;
    default:
      return null;
  }
}

export function keepInSight(scroller: HTMLElement | null, layout: Layout, frame: Frame, index: number): void {
  if (scroller === null) return;
  const top = layout.topOf(index);
  const margin = Math.min(frame.heading, 56);
  if (index < frame.columns) scroller.scrollTop = 0;
  else if (top - margin < scroller.scrollTop) scroller.scrollTop = top - margin;
  else if (top + frame.row > scroller.scrollTop + scroller.clientHeight) {
    scroller.scrollTop = top + frame.row + 8 - scroller.clientHeight;
  }
}

const firstInSight = (scroller: HTMLElement | null, layout: Layout): number => {
  const top = scroller?.scrollTop ?? 0;
  return layout.within(top, top + (scroller?.clientHeight ?? 0), 0, 0)[0]?.from ?? 0;
};
