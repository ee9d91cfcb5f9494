import type { LibraryItem, LibrarySection, LibraryView } from '../../shared/desktop/library.ts';
import type { NodeId } from '../../shared/ids.ts';
import { before, type Ranges, size, skipping, union, without } from './ranges.ts';

/** What was done here and is not yet in the view: items taken out of it, and fields that are others now. */
export interface Overlay {
  readonly removed: Ranges;
  readonly patches: ReadonlyMap<NodeId, Partial<LibraryItem>>;
}

export const UNTOUCHED: Overlay = { removed: [], patches: new Map() };

export const shownTotal = (view: LibraryView, { removed }: Overlay): number => view.total - size(removed);

export function shownSections(view: LibraryView, { removed }: Overlay): readonly LibrarySection[] {
  if (removed.length === 0) return view.sections;
  return view.sections
    .map(({ title, from, count }) => ({
      title,
      from: from - before(removed, from),
      count: count - (before(removed, from + count) - before(removed, from)),
    }))
    .filter(({ count }) => count > 0);
}

/** Where in the view the item lies that is shown at `index`. */
export const inView = ({ removed }: Overlay, index: number): number => skipping(removed, index);

/** The same for ranges. */
export const rangesInView = ({ removed }: Overlay, shown: Ranges): Ranges =>
  without(
    shown.map(({ from, to }) => ({ from: skipping(removed, from), to: skipping(removed, to - 1) + 1 })),
    removed,
  );

export const takeOut = (overlay: Overlay, shown: Ranges): Overlay => ({
  ...overlay,
  removed: union(overlay.removed, rangesInView(overlay, shown)),
});

export function patched(overlay: Overlay, ids: readonly NodeId[], fields: Partial<LibraryItem>): Overlay {
  const patches = new Map(overlay.patches);
  for (const id of ids) patches.set(id, { ...patches.get(id), ...fields });
  return { ...overlay, patches };
}

export function unpatched(overlay: Overlay, ids: Iterable<NodeId>): Overlay {
  const patches = new Map(overlay.patches);
  for (const id of ids) patches.delete(id);
  return { ...overlay, patches };
}
