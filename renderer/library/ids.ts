import type { NodeId } from '../../shared/ids.ts';
import { ask } from '../desk/ask.ts';
import { itemAt, library } from './library.ts';
import { rangesInView } from './overlay.ts';
import { each, type Ranges, size } from './ranges.ts';

/** Ids read at once, as the contract allows. */
const AT_ONCE = 1_000;
const FROM_ROWS = 500;

/** Ids of what is shown at these indices. */
export async function idsOf(shown: Ranges): Promise<readonly NodeId[]> {
  const state = library();
  if (state.view === null) return [];
  if (size(shown) <= FROM_ROWS) {
    const known = [...each(shown)].map((index) => itemAt(state, index)?.id);
    if (known.every((id) => id !== undefined)) return known;
  }
  return idsAt(state.view.id, rangesInView(state.overlay, shown));
}

/** Ids of a view's own indices. */
export async function idsAt(view: number, ranges: Ranges): Promise<readonly NodeId[]> {
  const ids: NodeId[] = [];
  for (const range of ranges) {
    for (let from = range.from; from < range.to; from += AT_ONCE) {
      const outcome = await ask('library.ids', { view, from, to: Math.min(range.to, from + AT_ONCE) });
      if (!outcome.ok) return ids;
      for (const id of outcome.value) ids.push(id);
    }
  }
  return ids;
}
