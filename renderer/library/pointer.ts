import {
  type DragEvent,
  type MouseEvent,
  type PointerEvent,
  type RefObject,
  useCallback,
  useEffect,
  useRef,
  useState,
} from 'react';
import type { Place } from '../../shared/desktop/library.ts';
import { dragItems } from '../drop/dragOut.ts';
import { lookAt } from '../quicklook/quickLook.ts';
import { favourite } from './actions.ts';
import type { BandBox } from './Band.tsx';
import type { Layout } from './layout.ts';
import { itemAt, library, select } from './library.ts';
import { columnsBetween, type Frame } from './measures.ts';
import { openItem } from './open.ts';
import { NONE, only } from './ranges.ts';
import { aimedAt, band, choose, extend, isSelected, NOTHING, type Selection, toggle } from './selection.ts';

interface Pointed {
  readonly scroller: RefObject<HTMLDivElement | null>;
  readonly canvas: RefObject<HTMLDivElement | null>;
  readonly layout: Layout;
  readonly frame: Frame;
  readonly place: Place;
}

interface Banding {
  readonly x: number;
  readonly y: number;
  readonly base: Selection;
  readonly adding: boolean;
}

/** So far a pointer moves before it draws a band. */
const SLACK = 4;
const EDGE = 36;

/** Mouse, pen and finger in the list: choosing, opening, the rubber band, dragging out. */
export function usePointer({ scroller, canvas, layout, frame, place }: Pointed) {
  const [box, setBox] = useState<BandBox | null>(null);
  const banding = useRef<Banding | null>(null);
  const pointer = useRef({ x: 0, y: 0 });
  const rolling = useRef(0);

  const draw = useCallback(() => {
    const start = banding.current;
    const area = canvas.current?.getBoundingClientRect();
    if (start === null || area === undefined) return;
    const x = Math.max(0, Math.min(area.width, pointer.current.x - area.left));
    const y = Math.max(0, Math.min(area.height, pointer.current.y - area.top));
    if (Math.abs(x - start.x) < SLACK && Math.abs(y - start.y) < SLACK) return;
    const [left, right] = [Math.min(x, start.x), Math.max(x, start.x)];
    const [top, bottom] = [Math.min(y, start.y), Math.max(y, start.y)];
    setBox({ left, top, width: right - left, height: bottom - top });
    const columns = columnsBetween(frame, left, right);
    const covered = columns === null ? NONE : layout.within(top, bottom, columns[0], columns[1]);
    select(band(start.base, covered, start.adding));
  }, [canvas, layout, frame]);

  const stop = useCallback(() => {
    banding.current = null;
    cancelAnimationFrame(rolling.current);
    setBox(null);
  }, []);
  useEffect(() => stop, [stop]);

  /** While the band is drawn beyond an edge, the list rolls on. */
  const roll = useCallback(() => {
    const element = scroller.current;
    if (element === null || banding.current === null) return;
    const { top, bottom } = element.getBoundingClientRect();
    const { y } = pointer.current;
    const speed = y < top + EDGE ? y - top - EDGE : y > bottom - EDGE ? y - bottom + EDGE : 0;
    if (speed !== 0) {
      element.scrollTop += speed * 0.4;
      draw();
    }
    rolling.current = requestAnimationFrame(roll);
  }, [scroller, draw]);

  const startBand = (event: PointerEvent, area: DOMRect): void => {
    const adding = event.shiftKey || event.ctrlKey || event.metaKey;
    const { selection } = library();
    if (!adding) select({ ...NOTHING, cursor: selection.cursor });
    banding.current = {
      x: event.clientX - area.left,
      y: event.clientY - area.top,
      base: adding ? selection : NOTHING,
      adding,
    };
    pointer.current = { x: event.clientX, y: event.clientY };
    event.currentTarget.setPointerCapture(event.pointerId);
    rolling.current = requestAnimationFrame(roll);
  };

  return {
    band: box,
    handlers: {
      onPointerDown: (event: PointerEvent) => {
        if (event.button !== 0 || event.pointerType === 'touch') return;
        const index = indexAt(event.target);
        if (index === null) {
          const area = canvas.current?.getBoundingClientRect();
          if (area !== undefined) startBand(event, area);
          return;
        }
        if (isStar(event.target)) return;
        const { selection } = library();
        if (event.shiftKey) select(extend(selection, index));
        else if (event.ctrlKey || event.metaKey) select(toggle(selection, index));
        else if (!isSelected(selection, index)) select(choose(index));
      },
      onPointerMove: (event: PointerEvent) => {
        if (banding.current === null) return;
        pointer.current = { x: event.clientX, y: event.clientY };
        draw();
      },
      onPointerUp: stop,
      onPointerCancel: stop,
      onClick: (event: MouseEvent) => {
        const index = indexAt(event.target);
        if (index === null) return;
        if (isStar(event.target) && place.kind !== 'trash') {
          void favourite(only(index));
          return;
        }
        const touch = event.nativeEvent instanceof PointerEventType && event.nativeEvent.pointerType === 'touch';
        if (touch) touched(index);
        else if (!event.shiftKey && !event.ctrlKey && !event.metaKey) select(choose(index));
      },
      onDoubleClick: (event: MouseEvent) => {
        const index = indexAt(event.target);
        if (index !== null && !isStar(event.target)) openItem(index);
      },
      onContextMenu: (event: MouseEvent) => {
        const index = indexAt(event.target);
        const { selection } = library();
        select(index === null ? { ...NOTHING, cursor: selection.cursor } : aimedAt(selection, index));
      },
      onDragStart: (event: DragEvent) => {
        const index = indexAt(event.target);
        if (index === null) return;
        select(aimedAt(library().selection, index));
        dragItems(event);
      },
    },
  };
}

const PointerEventType = globalThis.PointerEvent;

/** A finger looks at things; once something is selected, it selects more. */
function touched(index: number): void {
  const { selection } = library();
  const item = itemAt(library(), index);
  if (selection.ranges.length > 0) select(toggle(selection, index));
  else if (item?.kind === 'folder') openItem(index);
  else lookAt(index);
}

function indexAt(target: EventTarget): number | null {
  const tile = target instanceof Element ? target.closest<HTMLElement>('[data-index]') : null;
  return tile === null ? null : Number(tile.dataset.index);
}

const isStar = (target: EventTarget): boolean => target instanceof Element && target.closest('[data-star]') !== null;
