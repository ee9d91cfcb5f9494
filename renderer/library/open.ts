import { standing } from '../desk/snapshot.ts';
import { lookAt } from '../quicklook/quickLook.ts';
import { goToPlace } from '../shell/navigation.ts';
import { openFile } from './actions.ts';
import { itemAt, library } from './library.ts';

/** What a double click and Enter do: into a folder, or a file in its program; a look at it where there are none. */
export function openItem(index: number): void {
  const item = itemAt(library(), index);
  if (item === undefined) return;
  if (item.kind === 'folder') goToPlace({ kind: 'folder', id: item.id });
  else if (standing()?.host.can.openFiles && library().query?.place.kind !== 'trash') openFile(item.id);
  else lookAt(index);
}
