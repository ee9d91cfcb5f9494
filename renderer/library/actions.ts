import type { LibraryItem } from '../../shared/desktop/library.ts';
import type { NodeId } from '../../shared/ids.ts';
import { act, answerOf } from '../desk/ask.ts';
import { sayDone, sayFailure } from '../ui/toasts.ts';
import { items as inItems } from '../wording/counts.ts';
import { sendAway, welcome } from './away.ts';
import { idsOf } from './ids.ts';
import { itemAt, lay, library } from './library.ts';
import { patched, takeOut, unpatched } from './overlay.ts';
import { each, type Ranges, size } from './ranges.ts';
import { whileChanging } from './renewal.ts';
import { afterRemoval } from './selection.ts';

/** What can be done to items of the list. Everything shows at once, and is taken back when it is refused. */

const NAMED = 400;

/** As many of the items as are at hand: enough to decide a toggle by, never 50,000. */
export const atHand = (ranges: Ranges): readonly LibraryItem[] => {
  const found: LibraryItem[] = [];
  for (const index of each(ranges)) {
    const item = itemAt(library(), index);
    if (item !== undefined) found.push(item);
    if (found.length === NAMED) break;
  }
  return found;
};

export async function favourite(ranges: Ranges): Promise<void> {
  const on = !atHand(ranges).every((item) => item.favourite);
  const ids = await idsOf(ranges);
  if (ids.length > 0) await setFavourite(ids, on);
}

async function setFavourite(ids: readonly NodeId[], on: boolean): Promise<void> {
  lay(patched(library().overlay, ids, { favourite: on }));
  await whileChanging(ids, () =>
    act('nodes.favourite', { ids: [...ids], on }, () => lay(unpatched(library().overlay, ids))),
  );
}

export async function tag(ids: readonly NodeId[], add: readonly string[], remove: readonly string[]): Promise<boolean> {
  return whileChanging(ids, () => act('nodes.tag', { ids: [...ids], add: [...add], remove: [...remove] }));
}

/** Out of the list at once; the way back is in the toast. */
async function takeAway(
  ranges: Ranges,
  doIt: (ids: readonly NodeId[], takeBack: () => void) => Promise<boolean>,
): Promise<readonly NodeId[]> {
  const ids = await idsOf(ranges);
  if (ids.length === 0) return [];
  const { overlay, selection, view, query } = library();
  lay(takeOut(overlay, ranges), afterRemoval(selection, library().total - size(ranges)));
  const done = await whileChanging(ids, () =>
    doIt(ids, () => {
      if (library().view === view) lay(overlay, selection);
    }),
  );
  if (!done) return [];
  sendAway(query, ids);
  return ids;
}

const asking =
  (command: 'nodes.trash' | 'nodes.restore' | 'nodes.purge') => (ids: readonly NodeId[], takeBack: () => void) =>
    act(command, { ids: [...ids] }, takeBack);

export async function trash(ranges: Ranges): Promise<void> {
  const [named, are] = subjectOf(ranges);
  const ids = await takeAway(ranges, asking('nodes.trash'));
  if (ids.length > 0) sayDone(`${named} ${are} in the trash.`, () => putBack(ids));
}

export async function restore(ranges: Ranges): Promise<void> {
  const [named, are] = subjectOf(ranges);
  const ids = await takeAway(ranges, asking('nodes.restore'));
  if (ids.length === 0) return;
  sayDone(`${named} ${are} back in place.`, () => {
    welcome(ids);
    void act('nodes.trash', { ids: [...ids] });
  });
}

export async function purge(ranges: Ranges): Promise<void> {
  await takeAway(ranges, asking('nodes.purge'));
}

const putBack = (ids: readonly NodeId[]): void => {
  welcome(ids);
  void act('nodes.restore', { ids: [...ids] });
};

export async function rename(item: LibraryItem, name: string): Promise<void> {
  lay(patched(library().overlay, [item.id], { name }));
  const named = await whileChanging([item.id], () =>
    act('nodes.rename', { id: item.id, name }, () => lay(unpatched(library().overlay, [item.id]))),
  );
  if (named)
    sayDone(`${item.name} is called ${name} now.`, () => void act('nodes.rename', { id: item.id, name: item.name }));
}

/** From one folder's own list they leave at once, and can be brought back; elsewhere they may come from many folders. */
export async function move(ranges: Ranges, folder: NodeId | null, into: string): Promise<void> {
  const place = library().query?.place;
  const from = place?.kind === 'folder' ? place.id : undefined;
  const asked = (ids: readonly NodeId[], to: NodeId | null, takeBack?: () => void): Promise<boolean> =>
    act('nodes.move', { ids: [...ids], folder: to }, takeBack);
  if (from === undefined || from === folder) {
    const ids = await idsOf(ranges);
    if (await asked(ids, folder)) sayDone(`Moved ${inItems(ids.length)} to ${into}.`);
    return;
  }
  const ids = await takeAway(ranges, (all, takeBack) => asked(all, folder, takeBack));
  if (ids.length === 0) return;
  sayDone(`Moved ${inItems(ids.length)} to ${into}.`, () => {
    welcome(ids);
    void asked(ids, from);
  });
}

export async function copyFiles(ranges: Ranges): Promise<void> {
  const ids = await idsOf(ranges);
  if (ids.length === 0) return;
  if (await act('files.copy', { ids: [...ids] })) sayDone(`Copied ${inItems(ids.length)}: paste them where you like.`);
}

export const openFile = (id: NodeId): void => void act('files.open', { id });
export const showInFolder = (id: NodeId): void => void act('files.show', { id });

export async function copyLink(id: NodeId, seconds: number): Promise<boolean> {
  const link = await answerOf('links.create', { id, seconds });
  if (link === undefined) return false;
  try {
    await navigator.clipboard.writeText(link.url);
    sayDone('The link is on the clipboard.');
  } catch {
    sayFailure('The link is made but could not be copied: copy it from the inspector.');
  }
  return true;
}

function subjectOf(ranges: Ranges): readonly [subject: string, verb: 'is' | 'are'] {
  const count = size(ranges);
  const first = ranges[0];
  if (count !== 1 || first === undefined) return [inItems(count), 'are'];
  return [itemAt(library(), first.from)?.name ?? 'It', 'is'];
}
