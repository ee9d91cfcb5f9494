import type { DragEvent } from 'react';
import { standing } from '../desk/snapshot.ts';
import { itemAt, library } from '../library/library.ts';
import { each, size } from '../library/ranges.ts';

/** So many files are dragged out at most: more would hang the program they are dropped on. */
const DRAGGED = 200;

/** Drags the selection out as real files; in a browser the one under the pointer, as a download. */
export function dragItems(event: DragEvent): void {
  const state = library();
  const { ranges, cursor } = state.selection;
  const host = standing()?.host;
  if (host === undefined || state.query?.place.kind === 'trash') {
    event.preventDefault();
    return;
  }
  if (host.can.dragOut) {
    event.preventDefault();
    if (size(ranges) > DRAGGED) return;
    const ids = [...each(ranges)].flatMap((index) => itemAt(state, index)?.id ?? []);
    window.driftless.dragOut(ids);
    return;
  }
  const item = cursor === null ? undefined : itemAt(state, cursor);
  if (item === undefined || item.kind === 'folder') {
    event.preventDefault();
    return;
  }
  const address = new URL(`${host.contents}${item.id}`, location.href).href;
  event.dataTransfer.effectAllowed = 'copy';
  event.dataTransfer.setData('DownloadURL', `application/octet-stream:${item.name.replaceAll(':', '_')}:${address}`);
}
