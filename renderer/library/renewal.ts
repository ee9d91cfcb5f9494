import type { LibraryView } from '../../shared/desktop/library.ts';
import type { NodeId } from '../../shared/ids.ts';
import { onStanding } from '../desk/snapshot.ts';
import { idsAt, idsOf } from './ids.ts';
import { type Hold, itemAt, type Kept, library, lookAgain, placeOf } from './library.ts';
import { type Overlay, unpatched } from './overlay.ts';
import { gathered, type Ranges, size, upTo } from './ranges.ts';
import { NOTHING, type Selection } from './selection.ts';

/** A list that changes all the time is looked at again no more often than this. */
const PACE_MS = 700;
/** So many selected items are looked up one by one; more are found by reading through the list. */
const LOOKED_UP = 40;

/** What is in sight, told by the list as it scrolls. */
let sight: { readonly hold: Hold | null; readonly items: number } = { hold: null, items: 0 };
export const tellSight = (hold: Hold | null, items: number): void => {
  sight = { hold, items };
};

let changesUnderWay = 0;
let changesBegun = 0;
let wanted = false;
let running = false;
let lastAt = Number.NEGATIVE_INFINITY;
const settled = new Set<NodeId>();

/** Looks again whenever the library says that something in it may be different. */
export function renewLibrary(): void {
  onStanding((now, before) => {
    if (before === null || now === null || now.library.revision === before.library.revision) return;
    wanted = true;
    renew();
  });
}

/** Holds the list as it is shown while a change of it is on its way, so that it does not jump back and forth. */
export async function whileChanging<T>(ids: readonly NodeId[], change: () => Promise<T>): Promise<T> {
  changesUnderWay += 1;
  changesBegun += 1;
  try {
    return await change();
  } finally {
    changesUnderWay -= 1;
    for (const id of ids) settled.add(id);
    renew();
  }
}

function renew(): void {
  if (!wanted || running || changesUnderWay > 0) return;
  running = true;
  const wait = Math.max(0, lastAt + PACE_MS - performance.now());
  setTimeout(() => {
    wanted = false;
    lastAt = performance.now();
    const done = [...settled];
    settled.clear();
    // A look that a person's change overtook shows what was before it.
    const begun = changesBegun;
    const overtaken = (): boolean => changesBegun !== begun;
    void lookAgain((view) => keeping(view, done), sight.items, overtaken).finally(() => {
      running = false;
      if (overtaken()) {
        wanted = true;
        for (const id of done) settled.add(id);
      }
      renew();
    });
  }, wait);
}

async function keeping(view: LibraryView, done: readonly NodeId[]): Promise<Kept> {
  const { overlay } = library();
  const [selection, hold] = await Promise.all([sameSelection(view), sameSight(view)]);
  const left: Overlay = { ...unpatched(overlay, done), removed: [] };
  return { overlay: left, selection, hold };
}

async function sameSight(view: LibraryView): Promise<Hold | null> {
  const { hold } = sight;
  if (hold === null) return null;
  const item = itemAt(library(), hold.index);
  const index = item === undefined ? null : await placeOf(view, item.id);
  return index === null ? null : { ...hold, index };
}

async function sameSelection(view: LibraryView): Promise<Selection> {
  const { selection, total } = library();
  const whole = total > 1 && size(selection.ranges) === total;
  if (whole) return { ...selection, ranges: upTo(view.total), cursor: Math.min(selection.cursor ?? 0, view.total - 1) };
  const ranges = await sameItems(view, selection.ranges);
  const cursor = await sameIndex(view, selection.cursor);
  if (ranges.length === 0 && cursor === null) return NOTHING;
  return { ranges, cursor, anchor: await sameIndex(view, selection.anchor), kept: [] };
}

async function sameIndex(view: LibraryView, index: number | null): Promise<number | null> {
  const item = index === null ? undefined : itemAt(library(), index);
  if (item !== undefined) return placeOf(view, item.id);
  return index === null || view.total === 0 ? null : Math.min(index, view.total - 1);
}

async function sameItems(view: LibraryView, ranges: Ranges): Promise<Ranges> {
  if (ranges.length === 0) return [];
  const ids = await idsOf(ranges);
  if (ids.length <= LOOKED_UP) {
    const places = await Promise.all(ids.map((id) => placeOf(view, id)));
    return gathered(places.filter((place) => place !== null));
  }
  const selected = new Set(ids);
  const everything = await idsAt(view.id, upTo(view.total));
  return gathered(everything.flatMap((id, index) => (selected.has(id) ? [index] : [])));
}
