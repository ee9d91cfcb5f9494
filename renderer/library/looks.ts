import { create } from 'zustand';
import type { LibraryQuery, Place } from '../../shared/desktop/library.ts';
import { remember, remembered } from '../shell/remembered.ts';

export type Sort = Pick<LibraryQuery, 'sort' | 'descending'>;

/** How a person likes to look at the library. */
interface Looks {
  readonly mode: 'grid' | 'list';
  /** Wished width of a tile in pixels. */
  readonly tile: number;
  readonly sort: Sort;
  readonly folderSort: Sort;
  readonly inspector: boolean;
}

export const TILE = { min: 104, max: 320, usual: 140 } as const;

const isLooks = (value: unknown): value is Looks => {
  if (typeof value !== 'object' || value === null) return false;
  const { mode, tile, sort, folderSort, inspector } = value as Partial<Looks>;
  const sorts = [sort, folderSort].every((one) => typeof one?.sort === 'string' && typeof one.descending === 'boolean');
  return (mode === 'grid' || mode === 'list') && typeof tile === 'number' && typeof inspector === 'boolean' && sorts;
};

export const useLooks = create<Looks>(() =>
  remembered('looks', isLooks, {
    mode: 'grid',
    tile: TILE.usual,
    sort: { sort: 'added', descending: true },
    folderSort: { sort: 'name', descending: false },
    inspector: true,
  }),
);

export function changeLooks(change: Partial<Looks>): void {
  useLooks.setState(change);
  remember('looks', useLooks.getState());
}

/** Folders are sorted as a file manager would, everything else as a library. */
export const sortOf = (looks: Looks, place: Place): Sort => (place.kind === 'folder' ? looks.folderSort : looks.sort);

export function changeSort(place: Place, sort: Sort): void {
  changeLooks(place.kind === 'folder' ? { folderSort: sort } : { sort });
}
