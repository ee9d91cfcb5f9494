import { type ReactNode, useLayoutEffect, useRef, useState } from 'react';
import type { Place } from '../../shared/desktop/library.ts';
import { Canvas } from './Canvas.tsx';
import { ItemMenu } from './ItemMenu.tsx';
import styles from './List.module.css';
import { ListHead } from './ListHead.tsx';
import { useLibrary } from './library.ts';
import { useLooks } from './looks.ts';
import { NothingHere } from './NothingHere.tsx';

/** What is at a place, or why there is nothing. */
export function List({ place }: { readonly place: Place }): ReactNode {
  const mode = useLooks((looks) => looks.mode);
  const view = useLibrary((library) => library.view);
  const total = useLibrary((library) => library.total);
  const failure = useLibrary((library) => library.failure);
  const scroller = useRef<HTMLDivElement>(null);
  // What is drawn into the scroller measures it at once, so it has to be there before: a library that was open already
  // would else come with it, and find none.
  const [placed, setPlaced] = useState(false);
  useLayoutEffect(() => setPlaced(true), []);
  return (
    <ItemMenu place={place}>
      {mode === 'list' && total > 0 && <ListHead place={place} />}
      <div ref={scroller} className={styles.scroller} data-mode={mode}>
        {placed && total > 0 && <Canvas scroller={scroller} place={place} />}
        {total === 0 && (view !== null || failure !== null) && <NothingHere place={place} failure={failure} />}
      </div>
    </ItemMenu>
  );
}
