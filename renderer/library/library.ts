import { create } from 'zustand';
import type { LibraryItem, LibraryQuery, LibrarySection, LibraryView } from '../../shared/desktop/library.ts';
import type { NodeId } from '../../shared/ids.ts';
import { ask } from '../desk/ask.ts';
import { inView, type Overlay, shownSections, shownTotal, UNTOUCHED } from './overlay.ts';
import type { Range } from './ranges.ts';
import { PAGE, Rows } from './rows.ts';
import { choose, NOTHING, type Selection } from './selection.ts';

/** The list that is open. */
export interface Library {
  readonly query: LibraryQuery | null;
  readonly view: LibraryView | null;
  readonly rows: Rows | null;
  /** Counts up when rows have arrived. */
  readonly drawn: number;
  readonly overlay: Overlay;
  readonly total: number;
  readonly sections: readonly LibrarySection[];
  readonly selection: Selection;
  /** What the list should keep in view: after a new look at the same query, what was in view before it. */
  readonly hold: Hold | null;
  readonly failure: string | null;
}

export interface Hold {
  readonly index: number;
  /** Pixels from the top of the list's frame. */
  readonly offset: number;
}

export const useLibrary = create<Library>(() => ({
  query: null,
  view: null,
  rows: null,
  drawn: 0,
  overlay: UNTOUCHED,
  total: 0,
  sections: [],
  selection: NOTHING,
  hold: null,
  failure: null,
}));

export const library = (): Library => useLibrary.getState();

export const itemAt = ({ rows, overlay }: Library, index: number): LibraryItem | undefined => {
  const item = rows?.get(inView(overlay, index));
  if (item === undefined) return undefined;
  const patch = overlay.patches.get(item.id);
  return patch === undefined ? item : { ...item, ...patch };
};

export const select = (selection: Selection): void => useLibrary.setState({ selection });

export function wantRows(range: Range): void {
  const { rows, overlay, total } = library();
  const to = Math.min(total, range.to);
  if (to > range.from) rows?.want({ from: inView(overlay, range.from), to: inView(overlay, to - 1) + 1 });
}

export function lay(overlay: Overlay, selection: Selection = library().selection): void {
  const { view } = library();
  useLibrary.setState({
    overlay,
    selection,
    ...(view === null ? {} : { total: shownTotal(view, overlay), sections: shownSections(view, overlay) }),
  });
}

let asked = 0;
/** What the next list that opens should show, if it has it. */
let wanted: NodeId | null = null;

const FROM_THE_TOP: Kept = { overlay: UNTOUCHED, selection: NOTHING, hold: { index: 0, offset: 0 } };
const at = (index: number): Kept => ({ overlay: UNTOUCHED, selection: choose(index), hold: { index, offset: 140 } });

/** Opens the list again, or the next one, where an item is. */
export function reveal(id: NodeId, again: boolean): void {
  wanted = id;
  const { query } = library();
  if (again && query !== null) void openLibrary(query);
}

/** Opens another list, or the same from its top. What was shown stays until the first rows are there. */
export async function openLibrary(query: LibraryQuery): Promise<void> {
  const turn = ++asked;
  useLibrary.setState({ query });
  const opened = await ask('library.open', query);
  if (!opened.ok) {
    if (turn === asked)
      useLibrary.setState({ failure: opened.message, view: null, rows: null, total: 0, sections: [] });
    return;
  }
  const view = opened.value;
  const rows = rowsOf(view);
  const index = wanted === null ? null : await placeOf(view, wanted);
  const first = Math.max(0, (index ?? 0) - PAGE / 2);
  await rows.have({ from: first, to: Math.min(first + PAGE, view.total) });
  if (turn === asked) {
    wanted = null;
    show(view, rows, index === null ? FROM_THE_TOP : at(index));
  } else void ask('library.close', { view: view.id });
}

/** What a new look at the same query keeps of the old one. */
export interface Kept {
  readonly overlay: Overlay;
  readonly selection: Selection;
  readonly hold: Hold | null;
}

/** Looks again at the same query; `keep` says what stays, once the new view is known. Nothing comes of it if it is `overtaken`. */
export async function lookAgain(
  keep: (view: LibraryView) => Promise<Kept>,
  inSight: number,
  overtaken: () => boolean,
): Promise<void> {
  const { query } = library();
  if (query === null) return;
  const turn = ++asked;
  const opened = await ask('library.open', query);
  if (!opened.ok) return;
  const rows = rowsOf(opened.value);
  let kept: Kept;
  let selection: Selection;
  do {
    // What is selected meanwhile must not be forgotten: the next key would act upon another item.
    selection = library().selection;
    kept = await keep(opened.value);
    const first = Math.max(0, (kept.hold?.index ?? 0) - PAGE / 2);
    await rows.have({ from: first, to: Math.min(opened.value.total, first + inSight + PAGE) });
  } while (turn === asked && library().selection !== selection);
  if (turn === asked && !overtaken()) show(opened.value, rows, kept);
  else void ask('library.close', { view: opened.value.id });
}

function rowsOf({ id }: LibraryView): Rows {
  const rows: Rows = new Rows(
    async (from, to) => {
      const outcome = await ask('library.rows', { view: id, from, to });
      return outcome.ok ? outcome.value : undefined;
    },
    () => {
      if (library().rows === rows) useLibrary.setState(({ drawn }) => ({ drawn: drawn + 1 }));
    },
  );
  return rows;
}

function show(view: LibraryView, rows: Rows, kept: Kept): void {
  const old = library().view;
  useLibrary.setState({
    view,
    rows,
    failure: null,
    ...kept,
    total: shownTotal(view, kept.overlay),
    sections: shownSections(view, kept.overlay),
  });
  if (old !== null) void ask('library.close', { view: old.id });
}

/** Where an item stands in a view. */
export async function placeOf(view: LibraryView, id: NodeId): Promise<number | null> {
  const outcome = await ask('library.indexOf', { view: view.id, id });
  return outcome.ok ? outcome.value : null;
}
