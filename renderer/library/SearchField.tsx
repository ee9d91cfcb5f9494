import { Search, X } from 'lucide-react';
import { type KeyboardEvent, type ReactNode, useRef } from 'react';
import { useSlice } from '../desk/snapshot.ts';
import { searchFor, useFilters } from './filters.ts';
import { focusList } from './focus.ts';
import styles from './SearchField.module.css';

/** Searches while one types. Escape empties it, then leaves; the arrow down goes to what was found. */
export function SearchField(): ReactNode {
  const search = useFilters((filters) => filters.search);
  const field = useRef<HTMLInputElement>(null);
  const mac = useSlice('host')?.platform === 'mac';
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') {
      if (search === '') focusList();
      else searchFor('');
    } else if (event.key === 'ArrowDown' || event.key === 'Enter') focusList();
    else return;
    event.preventDefault();
  };
  return (
    <search className={styles.search}>
      <Search size={15} strokeWidth={1.8} aria-hidden="true" />
      <input
        ref={field}
        type="text"
        value={search}
        placeholder="Search names and tags"
        aria-label="Search names and tags"
        spellCheck={false}
        autoComplete="off"
        data-search-field
        onChange={({ target }) => searchFor(target.value)}
        onKeyDown={onKeyDown}
      />
      {search === '' ? (
        <span className={styles.keys} aria-hidden="true">
          {mac ? '⌘F' : 'Ctrl F'}
        </span>
      ) : (
        <button
          type="button"
          aria-label="Clear the search"
          onClick={() => {
            searchFor('');
            field.current?.focus();
          }}
        >
          <X size={14} strokeWidth={1.8} aria-hidden="true" />
        </button>
      )}
    </search>
  );
}
