import { CircleAlert, FolderOpen, Search, Star, Trash2, Upload } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Place } from '../../shared/desktop/library.ts';
import { useSlice } from '../desk/snapshot.ts';
import { goToPlace } from '../shell/navigation.ts';
import { Button } from '../ui/Button.tsx';
import { EmptyState } from '../ui/EmptyState.tsx';
import { clearFilters, isFiltered, useFilters } from './filters.ts';

/** Why the list is empty, with the one thing to do about it. */
export function NothingHere({ place, failure }: { readonly place: Place; readonly failure: string | null }): ReactNode {
  const filtered = isFiltered(useFilters());
  const library = useSlice('library');
  const toLibrary = <Button onPress={() => goToPlace({ kind: 'all' })}>Go to the library</Button>;
  if (failure !== null) {
    return (
      <EmptyState icon={CircleAlert} title="The library does not answer" action={toLibrary}>
        {failure}
      </EmptyState>
    );
  }
  if (filtered) {
    return (
      <EmptyState icon={Search} title="Nothing found" action={<Button onPress={clearFilters}>Show everything</Button>}>
        Nothing here has these words in its name or tags.
      </EmptyState>
    );
  }
  if (library?.complete === false) {
    return (
      <EmptyState icon={FolderOpen} title="Your library is being read">
        What the server has appears here as it becomes known.
      </EmptyState>
    );
  }
  switch (place.kind) {
    case 'trash':
      return (
        <EmptyState icon={Trash2} title="The trash is empty" action={toLibrary}>
          What you delete stays here for 30 days, so that nothing is lost by a slip.
        </EmptyState>
      );
    case 'favourites':
      return (
        <EmptyState icon={Star} title="No favourites yet" action={toLibrary}>
          Select something and press F, and it is found here.
        </EmptyState>
      );
    default:
      return (
        <EmptyState icon={Upload} title="Nothing here yet" action={<AddButton />}>
          Drop files anywhere in this window, or put them into your folder.
        </EmptyState>
      );
  }
}

function AddButton(): ReactNode {
  const click = (): void => document.querySelector<HTMLInputElement>('input[type=file]')?.click();
  return (
    <Button kind="primary" onPress={click}>
      Add files
    </Button>
  );
}
