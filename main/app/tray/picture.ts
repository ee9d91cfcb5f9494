import { quotaReached, storageLine } from '../../../shared/desktop/quota.ts';
import type { Snapshot } from '../../../shared/desktop/snapshot.ts';
import { count, toneOf, truth } from '../../../shared/desktop/truth.ts';
import type { ShowRequest } from '../../../shared/desktop/window.ts';

/** The icon's states; one picture each, none of which moves. */
export const TRAY_ICONS = ['ok', 'syncing', 'paused', 'attention', 'offline'] as const;
export type TrayIcon = (typeof TRAY_ICONS)[number];

/** What a line of the menu does. */
export type TrayAction =
  | { readonly do: 'open'; readonly what: ShowRequest }
  | { readonly do: 'openFolder' }
  | { readonly do: 'pause'; readonly until: 'hour' | 'tomorrow' }
  | { readonly do: 'resume' }
  | { readonly do: 'quit' };

export type TrayLine =
  | { readonly type: 'separator' }
  /** Without an action it only says something. */
  | { readonly type: 'line'; readonly label: string; readonly action: TrayAction | null };

/** All that the tray shows: equal pictures look alike, so nothing is drawn that is there already. */
export interface TrayPicture {
  readonly icon: TrayIcon;
  readonly tooltip: string;
  readonly menu: readonly TrayLine[];
}

/** The tray of this moment. `now` in Unix ms. */
export function trayPicture(snapshot: Snapshot, now: number): TrayPicture {
  const said = snapshot.trouble ?? (snapshot.sync === null ? 'Starting' : truth(snapshot.sync, now));
  const paused = snapshot.sync?.state === 'paused';
  return {
    icon: iconOf(snapshot),
    tooltip: `Driftless: ${said}`,
    menu: sections([
      [line('Open Driftless', open({ show: 'library' }))],
      [says(said), ...(snapshot.storage ? [says(storageLine(snapshot.storage))] : [])],
      snapshot.library.recent.map(({ id, name }) => line(shortened(name), open({ show: 'item', id }))),
      paused
        ? [line('Resume', { do: 'resume' })]
        : [
            line('Pause for 1 hour', { do: 'pause', until: 'hour' }),
            line('Pause until tomorrow', { do: 'pause', until: 'tomorrow' }),
          ],
      [
        line('Open folder', { do: 'openFolder' }),
        ...(snapshot.problems.count > 0
          ? [line(`Problems (${count(snapshot.problems.count)})`, open({ show: 'problems' }))]
          : []),
        line('Settings', open({ show: 'settings' })),
      ],
      [line('Quit', { do: 'quit' })],
    ]),
  };
}

/** What needs a person comes before how sync goes: a full storage is not `all synced`. */
function iconOf({ sync, trouble, storage, problems }: Snapshot): TrayIcon {
  if (trouble !== null) return 'attention';
  if (sync === null) return 'syncing';
  const tone = toneOf(sync);
  // A conflict is in sync on every device, and waits for a person all the same.
  if (tone === 'ok' && problems.count > 0) return 'attention';
  if (tone === 'ok' && storage !== null && quotaReached(storage) !== null) return 'attention';
  return tone === 'busy' ? 'syncing' : tone;
}

const sections = (parts: readonly (readonly TrayLine[])[]): TrayLine[] =>
  parts
    .filter((part) => part.length > 0)
    .flatMap((part, i): TrayLine[] => (i === 0 ? [...part] : [{ type: 'separator' }, ...part]));

const line = (label: string, action: TrayAction): TrayLine => ({ type: 'line', label, action });
const says = (label: string): TrayLine => ({ type: 'line', label, action: null });
const open = (what: ShowRequest): TrayAction => ({ do: 'open', what });

/** A menu is as wide as its longest line. */
const LABEL_MAX = 40;

function shortened(name: string): string {
  if (name.length <= LABEL_MAX) return name;
  const half = Math.floor((LABEL_MAX - 1) / 2);
  return `${name.slice(0, half)}…${name.slice(-half)}`;
}
