import type { LibraryQuery } from '../../shared/desktop/library.ts';
import { LISTED } from './database.ts';
import type { Folders } from './folders.ts';
import { folded, matchOf, termsOf } from './words.ts';

/** A question to `nodes`: what narrows it, and its order. */
export interface Question {
  readonly where: string;
  readonly values: readonly (string | number)[];
  readonly order: string;
  /** By which column the list is divided into sections. */
  readonly key: 'added_at' | 'modified_at' | 'trashed_at' | 'sort_key' | 'size' | 'type';
  readonly foldersFirst: boolean;
}

const KEYS = { added: 'added_at', modified: 'modified_at', name: 'sort_key', size: 'size', type: 'type' } as const;
const RECENT_MS = 30 * 86_400_000;

/** `now` in Unix ms. */
export function questionFor(query: LibraryQuery, folders: Folders, now: number): Question {
  const conditions: string[] = [];
  const values: (string | number)[] = [];
  const add = (condition: string, ...more: readonly (string | number)[]): void => {
    conditions.push(condition);
    values.push(...more);
  };
  const { place } = query;
  const searches = query.search.trim() !== '' || query.tags.length > 0 || query.favourites;
  const { long, short } = termsOf(query.search);
  // An order's index is the way to long lists; short ones are found by what makes them short, and sorted then.
  const isShort = place.kind === 'folder' || long.length > 0 || short.length > 0 || query.tags.length > 0;
  add(isShort ? '+listed = ?' : 'listed = ?', place.kind === 'trash' ? LISTED.trashed : LISTED.live);
  if (place.kind !== 'folder' && place.kind !== 'trash') add(isShort ? '+file = 1' : 'file = 1');
  switch (place.kind) {
    case 'all':
      break;
    case 'favourites':
      add('favourite = 1');
      break;
    case 'recent':
      add('(added_at > ? OR modified_at > ?)', now - RECENT_MS, now - RECENT_MS);
      break;
    case 'type':
      add('type = ?', place.type);
      break;
    case 'folder':
      // Who searches means everything inside; who only looks, what lies there.
      if (!searches) add('parent_id = ?', place.id ?? '');
      else if (place.id !== null)
        add('parent_id IN (SELECT value FROM json_each(?))', JSON.stringify(folders.below(place.id)));
      break;
    case 'trash':
      // What went with its folder is found in it, unless one searches.
      if (!searches)
        add(`NOT EXISTS (SELECT 1 FROM nodes p WHERE p.id = nodes.parent_id AND p.listed = ${LISTED.trashed})`);
      break;
  }
  if (query.favourites) add('favourite = 1');
  for (const tag of query.tags) add('n IN (SELECT n FROM tags WHERE key = ?)', folded(tag));
  if (long.length > 0) add('n IN (SELECT rowid FROM words WHERE words MATCH ?)', matchOf(long));
  for (const term of short) add('instr(words, ?) > 0', term);
  const foldersFirst = place.kind === 'folder';
  const column = place.kind === 'trash' && query.sort === 'added' ? 'trashed_at' : KEYS[query.sort];
  return {
    where: conditions.join(' AND '),
    values,
    order: orderBy(column, query.descending, foldersFirst),
    key: column,
    foldersFirst,
  };
}

/** No more than an index holds: equal ones lie as the index has them, which is the same each time. */
function orderBy(key: Question['key'], descending: boolean, foldersFirst: boolean): string {
  const way = descending ? 'DESC' : 'ASC';
  const columns = key === 'type' ? ['type', 'sort_key'] : [key];
  return [...(foldersFirst ? ['file ASC'] : []), ...columns.map((column) => `${column} ${way}`)].join(', ');
}
