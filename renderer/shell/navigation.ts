import { create } from 'zustand';
import type { Place } from '../../shared/desktop/library.ts';
import { clearFilters } from '../library/filters.ts';

/** Where in the window one is. */
export type Page =
  | { readonly page: 'library'; readonly place: Place }
  | { readonly page: 'transfers' | 'problems' | 'activity' | 'settings' };

interface Navigation {
  readonly at: Page;
  /** On narrow windows the sidebar is a drawer. */
  readonly drawer: boolean;
}

export const useNavigation = create<Navigation>(() => ({
  at: { page: 'library', place: { kind: 'all' } },
  drawer: false,
}));

export const goTo = (at: Page): void => useNavigation.setState({ at, drawer: false });
/** Another place begins with nothing filtered. */
export function goToPlace(place: Place): void {
  clearFilters();
  goTo({ page: 'library', place });
}
export const showDrawer = (drawer: boolean): void => useNavigation.setState({ drawer });

export const samePlace = (a: Place, b: Place): boolean =>
  a.kind === b.kind &&
  (a.kind !== 'type' || b.kind !== 'type' || a.type === b.type) &&
  (a.kind !== 'folder' || b.kind !== 'folder' || a.id === b.id);
