import { type ReactNode, useRef } from 'react';
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
  return (
    <ItemMenu place={place}>
      {mode === 'list' && total > 0 && <ListHead place={place} />}
      <div ref={scroller} className={styles.scroller} data-mode={mode}>
        {total > 0 && <Canvas scroller={scroller} place={place} />}
        {total === 0 && (view !== null || failure !== null) && <NothingHere place={place} failure={failure} />}
      </div>
    </ItemMenu>
  );
}
