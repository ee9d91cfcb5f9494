import type { NodeId } from '../../shared/ids.ts';
import { goToPlace, samePlace, useNavigation } from '../shell/navigation.ts';
import { isFiltered, useFilters } from './filters.ts';
import { reveal } from './library.ts';

const EVERYTHING = { kind: 'all' } as const;

/** Goes to an item in the library, wherever one is. */
export function showItem(id: NodeId): void {
  const { at } = useNavigation.getState();
  const there = at.page === 'library' && samePlace(at.place, EVERYTHING) && !isFiltered(useFilters.getState());
  reveal(id, there);
  if (!there) goToPlace(EVERYTHING);
}
