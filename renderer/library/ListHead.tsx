import { ArrowDown, ArrowUp } from 'lucide-react';
import type { ReactNode } from 'react';
import type { LibraryQuery, Place } from '../../shared/desktop/library.ts';
import { changeSort, sortOf, useLooks } from './looks.ts';
import styles from './Row.module.css';

/** Above the list: what its columns are, each a way to sort by it. */
export function ListHead({ place }: { readonly place: Place }): ReactNode {
  const { sort, descending } = useLooks((looks) => sortOf(looks, place));
  const column = (key: LibraryQuery['sort'], label: string, wide: boolean): ReactNode => {
    const Arrow = descending ? ArrowDown : ArrowUp;
    return (
      <button
        type="button"
        data-wide={wide || undefined}
        aria-label={`Sort by ${label.toLowerCase()}`}
        onClick={() => changeSort(place, { sort: key, descending: key === sort ? !descending : key !== 'name' })}
      >
        {label}
        {key === sort && <Arrow size={12} strokeWidth={2} aria-hidden="true" />}
      </button>
    );
  };
  return (
    <div className={styles.head}>
      <span />
      {column('name', 'Name', false)}
      <span data-wide />
      {column('type', 'Type', true)}
      {column('modified', 'Modified', true)}
      {column('size', 'Size', false)}
    </div>
  );
}
