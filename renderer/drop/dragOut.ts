import type { DragEvent } from 'react';
import type { NodeId } from '../../shared/ids.ts';
import { standing } from '../desk/snapshot.ts';
import { itemAt, library } from '../library/library.ts';
import { each, size } from '../library/ranges.ts';

/** So many files are dragged out at most: more would hang the program they are dropped on. */
const DRAGGED = 200;

let held: readonly NodeId[] = [];

/** What is being dragged out of this window, so that it is moved and not added again when it comes back in. */
export const heldItems = (): readonly NodeId[] => held;

function hold(ids: readonly NodeId[]): void {
  held = ids;
  // No pointer moves while something is dragged: the first move says that it is over.
  const over = (): void => {
    held = [];
  };
  addEventListener('pointermove', over, { once: true });
}

/** Drags the selection out as real files; in a browser the one under the pointer, as a download. */
export function dragItems(event: DragEvent): void {
  const state = library();
  const { ranges, cursor } = state.selection;
  const host = standing()?.host;
  if (host === undefined || state.query?.place.kind === 'trash') {
    event.preventDefault();
    return;
  }
  const ids = size(ranges) > DRAGGED ? [] : [...each(ranges)].flatMap((index) => itemAt(state, index)?.id ?? []);
  if (ids.length > 0) hold(ids);
  if (host.can.dragOut) {
    event.preventDefault();
    if (ids.length > 0) window.driftless.dragOut(ids);
    return;
  }
  const item = cursor === null ? undefined : itemAt(state, cursor);
  if (item === undefined || item.kind === 'folder') return;
  const address = new URL(`${host.contents}${item.id}`, location.href).href;
  event.dataTransfer.effectAllowed = 'copyMove';
  event.dataTransfer.setData('DownloadURL', `application/octet-stream:${item.name.replaceAll(':', '_')}:${address}`);
}
