import { type RefObject, useLayoutEffect, useState } from 'react';
import type { Room } from './measures.ts';

/** The room inside an element; a width of 0 until it is known. */
export function useRoom(element: RefObject<HTMLElement | null>): Room {
  const [room, setRoom] = useState<Room>({ width: 0, gutter: 0 });
  useLayoutEffect(() => {
    const observed = element.current;
    if (observed === null) return;
    const measure = (): void => {
      const { clientWidth: width, offsetWidth } = observed;
      setRoom((known) => (known.width === width ? known : { width, gutter: offsetWidth - width }));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(observed);
    return () => observer.disconnect();
  }, [element]);
  return room;
}
