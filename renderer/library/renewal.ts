import type { LibraryView } from '../../shared/desktop/library.ts';
import type { NodeId } from '../../shared/ids.ts';
import { onStanding } from '../desk/snapshot.ts';
import { useDialog } from '../shell/dialogs.ts';
import { keptAway } from './away.ts';
import { idsAt, idsOf } from './ids.ts';
import { type Hold, itemAt, type Kept, library, lookAgain, placeOf } from './library.ts';
import { type Overlay, unpatched } from './overlay.ts';
import { before, gathered, type Ranges, size, upTo, without } from './ranges.ts';
import { NOTHING, type Selection } from './selection.ts';

/** A list that changes all the time is looked at again no more often than this. */
const PACE_MS = 700;
/** So many items are looked up one by one; more are found by reading through the list. */
const LOOKED_UP = 40;

/** What of the list is in sight, to be held there, and how many items that is. */
export interface Sight {
  readonly hold: Hold | null;
  readonly items: number;
}

const NOWHERE: Sight = { hold: null, items: 0 };
let look: () => Sight = () => NOWHERE;

/** The list says how to find out what is in sight: asked when it is needed, as it costs a layout. Returns how to stop. */
export function watchSight(by: () => Sight): () => void {
  look = by;
  return () => {
    if (look === by) look = () => NOWHERE;
  };
}

let changesUnderWay = 0;
let changesBegun = 0;
let wanted = false;
let running = false;
let lastAt = Number.NEGATIVE_INFINITY;
const settled = new Set<NodeId>();

/** Looks again whenever the library says that something in it may be different. */
export function renewLibrary(): void {
  onStanding((now, earlier) => {
    if (earlier === null || now === null || now.library.revision === earlier.library.revision) return;
    wanted = true;
    renew();
  });
  useDialog.subscribe(renew);
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
  if (!wanted || running || changesUnderWay > 0 || dialogIsOpen()) return;
  running = true;
  const wait = Math.max(0, lastAt + PACE_MS - performance.now());
  setTimeout(() => {
    wanted = false;
    lastAt = performance.now();
    const done = [...settled];
    settled.clear();
    // A look that a person's change overtook shows what was before it; one under a dialog moves what that acts upon.
    const begun = changesBegun;
    const overtaken = (): boolean => changesBegun !== begun || dialogIsOpen();
    void lookAgain((view) => keeping(view, done), look().items, overtaken).finally(() => {
      running = false;
      if (overtaken()) {
        wanted = true;
        for (const id of done) settled.add(id);
      }
      renew();
    });
  }, wait);
}

/** What a dialog is about to act upon is known by its places in the list: they must stay meanwhile. */
const dialogIsOpen = (): boolean => useDialog.getState().dialog !== null;

async function keeping(view: LibraryView, done: readonly NodeId[]): Promise<Kept> {
  const { overlay, query } = library();
  const { ids, forMs } = keptAway(query);
  const [selection, hold, removed] = await Promise.all([sameSelection(view), sameSight(view), placesOf(view, ids)]);
  if (removed.length > 0) setTimeout(lookOnceMore, forMs);
  const left: Overlay = { ...unpatched(overlay, done), removed };
  return { overlay: left, selection: shownSelection(selection, removed), hold: shownHold(hold, removed) };
}

/** What is kept out of the list is not for ever: then the library is right, whatever it says. */
function lookOnceMore(): void {
  wanted = true;
  renew();
}

const shownAt = (index: number, removed: Ranges): number => index - before(removed, index);

const shownHold = (hold: Hold | null, removed: Ranges): Hold | null =>
  hold && { ...hold, index: shownAt(hold.index, removed) };

const shownSelection = ({ ranges, cursor, anchor, kept }: Selection, removed: Ranges): Selection => ({
  ranges: without(ranges, removed).map(({ from, to }) => ({ from: shownAt(from, removed), to: shownAt(to, removed) })),
  cursor: cursor === null ? null : shownAt(cursor, removed),
  anchor: anchor === null ? null : shownAt(anchor, removed),
  kept,
});

async function sameSight(view: LibraryView): Promise<Hold | null> {
  const { hold } = look();
  if (hold === null) return null;
  const item = itemAt(library(), hold.index);
  const index = item === undefined ? null : await placeOf(view, item.id);
  return index === null ? null : { ...hold, index };
}

async function sameSelection(view: LibraryView): Promise<Selection> {
  const { selection, total } = library();
  const whole = total > 1 && size(selection.ranges) === total;
  if (whole) return { ...selection, ranges: upTo(view.total), cursor: Math.min(selection.cursor ?? 0, view.total - 1) };
  const ranges = await placesOf(view, await idsOf(selection.ranges));
  const cursor = await sameIndex(view, selection.cursor);
  if (ranges.length === 0 && cursor === null) return NOTHING;
  return { ranges, cursor, anchor: await sameIndex(view, selection.anchor), kept: [] };
}

async function sameIndex(view: LibraryView, index: number | null): Promise<number | null> {
  const item = index === null ? undefined : itemAt(library(), index);
  if (item !== undefined) return placeOf(view, item.id);
  return index === null || view.total === 0 ? null : Math.min(index, view.total - 1);
}

/** Where these stand in a view, as far as they do. */
async function placesOf(view: LibraryView, ids: readonly NodeId[]): Promise<Ranges> {
  if (ids.length <= LOOKED_UP) {
    const places = await Promise.all(ids.map((id) => placeOf(view, id)));
    return gathered(places.filter((place) => place !== null));
  }
  const meant = new Set(ids);
  const everything = await idsAt(view.id, upTo(view.total));
  return gathered(everything.flatMap((id, index) => (meant.has(id) ? [index] : [])));
}
