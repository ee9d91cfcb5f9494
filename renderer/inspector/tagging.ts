import { library } from '../library/library.ts';
import { openDialog } from '../shell/dialogs.ts';

/** Tags what is selected. */
export function tagSelection(): void {
  const { ranges } = library().selection;
  if (ranges.length > 0) openDialog({ kind: 'tags', ranges });
}
