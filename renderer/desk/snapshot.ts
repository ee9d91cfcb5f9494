import { create } from 'zustand';
import type { Delta, NumberedSnapshot, Snapshot } from '../../shared/desktop/snapshot.ts';
import type { DriftlessWindow } from '../../shared/desktop/window.ts';

declare global {
  interface Window {
    readonly driftless: DriftlessWindow;
  }
}

/** How everything stands; null until the first word came. */
const useStanding = create<{ readonly snapshot: Snapshot | null }>(() => ({ snapshot: null }));

export const useSnapshot = <T>(part: (snapshot: Snapshot | null) => T): T =>
  useStanding(({ snapshot }) => part(snapshot));

/** A slice by its name; renders again only when that slice is another one. */
export const useSlice = <K extends keyof Snapshot>(slice: K): Snapshot[K] | null =>
  useStanding(({ snapshot }) => snapshot?.[slice] ?? null);

export const standing = (): Snapshot | null => useStanding.getState().snapshot;

export const onStanding = (listener: (now: Snapshot | null, before: Snapshot | null) => void): (() => void) =>
  useStanding.subscribe((now, before) => listener(now.snapshot, before.snapshot));

/** What is known after a message; `lost` when one before it has not arrived. */
export function told(
  known: NumberedSnapshot | null,
  message: NumberedSnapshot | Delta,
): NumberedSnapshot | 'lost' | 'early' {
  if ('snapshot' in message) return message;
  if (known === null) return 'early';
  if (message.n !== known.n + 1) return 'lost';
  return { n: message.n, snapshot: { ...known.snapshot, ...message.slices } };
}

/** Follows the other side for as long as the page lives. While nobody looks, news is kept and nothing is drawn. */
export function followDesk(desk: DriftlessWindow): void {
  let known: NumberedSnapshot | null = null;
  const publish = (): void => {
    if (known !== null && !document.hidden) useStanding.setState({ snapshot: known.snapshot });
  };
  document.addEventListener('visibilitychange', publish);
  desk.follow((message) => {
    const next = told(known, message);
    if (next === 'early') return;
    if (next === 'lost') {
      known = null;
      desk.resync();
      return;
    }
    known = next;
    publish();
  });
}
