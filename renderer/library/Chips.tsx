import { Star } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import type { Place, TagCount } from '../../shared/desktop/library.ts';
import { ask } from '../desk/ask.ts';
import { useLibraryRevision } from '../desk/revision.ts';
import styles from './Chips.module.css';
import { clearFilters, isFiltered, showFavouritesOnly, toggleTag, useFilters } from './filters.ts';
import { LooksControls } from './LooksControls.tsx';

const TAGS_SHOWN = 8;

/** What the list can be narrowed by at a click: favourites, and the tags most used. */
export function Chips({ place }: { readonly place: Place }): ReactNode {
  const filters = useFilters();
  const used = useTagsMostUsed();
  const named = [...filters.tags.filter((tag) => !used.some((one) => one.tag === tag)), ...used.map(({ tag }) => tag)];
  return (
    <div className={styles.line}>
      <fieldset className={styles.chips}>
        <legend className="spoken">Filters</legend>
        <Chip on={!isFiltered(filters)} onPress={clearFilters}>
          All
        </Chip>
        {place.kind !== 'favourites' && (
          <Chip on={filters.favourites} onPress={() => showFavouritesOnly(!filters.favourites)}>
            <Star size={12} strokeWidth={1.8} aria-hidden="true" />
            Favourites
          </Chip>
        )}
        {named.map((tag) => (
          <Chip key={tag} on={filters.tags.includes(tag)} onPress={() => toggleTag(tag)}>
            #{tag}
          </Chip>
        ))}
      </fieldset>
      <LooksControls place={place} />
    </div>
  );
}

interface ChipProps {
  readonly on: boolean;
  readonly onPress: () => void;
  readonly children: ReactNode;
}

function Chip({ on, onPress, children }: ChipProps): ReactNode {
  return (
    <button type="button" className={styles.chip} aria-pressed={on} onClick={onPress}>
      {children}
    </button>
  );
}

function useTagsMostUsed(): readonly TagCount[] {
  const revision = useLibraryRevision();
  const [tags, setTags] = useState<readonly TagCount[]>([]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new revision is why they are read again
  useEffect(() => {
    let wanted = true;
    void ask('tags.list', { prefix: '', limit: TAGS_SHOWN }).then((outcome) => {
      if (wanted && outcome.ok) setTags(outcome.value);
    });
    return () => {
      wanted = false;
    };
  }, [revision]);
  return tags;
}
