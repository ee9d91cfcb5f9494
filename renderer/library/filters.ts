import { create } from 'zustand';

/** What narrows the list besides the place. */
interface Filters {
  readonly search: string;
  readonly tags: readonly string[];
  readonly favourites: boolean;
}

const NO_FILTERS: Filters = { search: '', tags: [], favourites: false };

export const useFilters = create<Filters>(() => NO_FILTERS);

export const searchFor = (search: string): void => useFilters.setState({ search: search.slice(0, 200) });
export const clearFilters = (): void => useFilters.setState(NO_FILTERS);
export const showFavouritesOnly = (favourites: boolean): void => useFilters.setState({ favourites });

export const toggleTag = (tag: string): void =>
  useFilters.setState(({ tags }) => ({
    tags: tags.includes(tag) ? tags.filter((other) => other !== tag) : [...tags, tag],
  }));

export const isFiltered = ({ search, tags, favourites }: Filters): boolean =>
  search !== '' || tags.length > 0 || favourites;
