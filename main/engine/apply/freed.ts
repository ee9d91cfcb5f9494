import { shownPath } from '../disk/paths.ts';
import type { Operation } from '../plan/operations.ts';
import { diskNamesOf } from '../scan/known.ts';
import type { ScanReport } from '../scan/scanner.ts';
import type { State } from '../store/state.ts';

/**
 * Tells of operations that something never synced was in the way of whether a look at the disk found the place free.
 * Where it did not look, nothing is known to have changed.
 */
export function freedBy(
  state: State,
  { listed, ignored }: Pick<ScanReport, 'listed' | 'ignored'>,
): (operation: Operation) => boolean {
  let folders: ReadonlySet<string> | undefined;
  let taken: ReadonlySet<string> | undefined;
  return (operation) => {
    if (!('place' in operation)) return true;
    const { parentId, name } = operation.place;
    const folder = diskNamesOf(state.local, parentId);
    // Without its folder it cannot be carried out anyway, and finds that out by itself.
    if (folder === undefined) return true;
    folders ??= new Set(listed);
    taken ??= new Set(ignored.map(({ path }) => path));
    return folders.has(shownPath(folder)) && !taken.has(shownPath([...folder, name]));
  };
}
