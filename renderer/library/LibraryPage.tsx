import { type ReactNode, useEffect } from 'react';
import type { Place } from '../../shared/desktop/library.ts';
import { Inspector } from '../inspector/Inspector.tsx';
import { TrashBar } from '../trash/TrashBar.tsx';
import { Chips } from './Chips.tsx';
import { Crumbs } from './Crumbs.tsx';
import { useFilters } from './filters.ts';
import styles from './LibraryPage.module.css';
import { List } from './List.tsx';
import { openLibrary } from './library.ts';
import { sortOf, useLooks } from './looks.ts';
import { SelectionBar } from './SelectionBar.tsx';
import { Toolbar } from './Toolbar.tsx';

/** The library at one of its places, the trash among them. */
export function LibraryPage({ place }: { readonly place: Place }): ReactNode {
  const { search, tags, favourites } = useFilters();
  const { sort, descending } = useLooks((looks) => sortOf(looks, place));
  useEffect(() => {
    void openLibrary({ place, search, tags: [...tags], favourites, sort, descending });
  }, [place, search, tags, favourites, sort, descending]);
  return (
    <div className={styles.page}>
      <main className={styles.main}>
        <Toolbar place={place} />
        {place.kind === 'folder' && search === '' && <Crumbs folder={place.id} />}
        {place.kind === 'trash' ? <TrashBar /> : <Chips place={place} />}
        <List place={place} />
        <SelectionBar place={place} />
      </main>
      <Inspector place={place} />
    </div>
  );
}
