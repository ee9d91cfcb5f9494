import type { Direction, SyncView } from './view.ts';

/** How the line of truth is coloured and marked: all else follows from it. */
export type Tone = 'ok' | 'busy' | 'paused' | 'attention' | 'offline';

/** The one line that says how things stand. `now` in Unix ms; times are local. */
export function truth(view: SyncView, now: number): string {
  switch (view.state) {
    case 'scanning':
      return 'Looking through the folder';
    case 'syncing':
      return joined(working(view), remaining(view.secondsLeft));
    case 'idle':
      if (view.problems > 0) return needsYou(view.problems);
      return view.syncedAt === null ? 'All synced' : `All synced · ${clockTime(view.syncedAt, now)}`;
    case 'waiting':
      return view.held === 1 ? '1 delete waits for your yes' : `${count(view.held)} deletes wait for your yes`;
    case 'paused':
      if (view.pausedUntil !== null) return `Paused until ${clockTime(view.pausedUntil, now)}`;
      // What paused by itself says why, before it says what to do about it.
      return view.message?.split(':')[0] ?? 'Paused';
    case 'offline':
      return 'Offline: will continue';
    case 'halted':
      return 'Stopped: needs you';
  }
}

export function toneOf(view: SyncView): Tone {
  switch (view.state) {
    case 'scanning':
    case 'syncing':
      return 'busy';
    case 'idle':
      return view.problems > 0 ? 'attention' : 'ok';
    case 'waiting':
    case 'halted':
      return 'attention';
    case 'paused':
      return 'paused';
    case 'offline':
      return 'offline';
  }
}

/** `Uploading 3 of 12`: the line of truth while work is under way, without the time left. */
export function working(view: SyncView): string {
  const verb = VERBS[view.direction];
  if (view.itemsTotal === 0) return verb;
  return `${verb} ${count(Math.min(view.itemsDone + 1, view.itemsTotal))} of ${count(view.itemsTotal)}`;
}

const VERBS: Record<Direction, string> = { up: 'Uploading', down: 'Downloading', both: 'Syncing' };

/** `about 4 min`, rounded so that it does not jitter; null when the time left cannot be told. */
export function remaining(seconds: number | null): string | null {
  if (seconds === null || !Number.isFinite(seconds)) return null;
  if (seconds < 8) return 'about 5 s';
  if (seconds < 55) return `about ${Math.round(seconds / 10) * 10} s`;
  const minutes = Math.max(1, Math.round(seconds / 60));
  if (minutes < 10) return `about ${minutes} min`;
  if (minutes < 55) return `about ${Math.round(minutes / 5) * 5} min`;
  const hours = Math.max(1, Math.round(seconds / 3600));
  return hours < 48 ? `about ${hours} h` : `about ${Math.round(hours / 24)} days`;
}

/** `14:02`, or `21 Nov 14:02` on another day than today. */
export function clockTime(at: number, now: number): string {
  const date = new Date(at);
  const time = `${twoDigits(date.getHours())}:${twoDigits(date.getMinutes())}`;
  if (date.toDateString() === new Date(now).toDateString()) return time;
  return `${date.getDate()} ${MONTHS[date.getMonth()]} ${time}`;
}

/** `4,812` */
export const count = (value: number): string => value.toString().replace(/\B(?=(\d{3})+$)/g, ',');

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

const twoDigits = (value: number): string => value.toString().padStart(2, '0');

const needsYou = (files: number): string => (files === 1 ? '1 file needs you' : `${count(files)} files need you`);

const joined = (...parts: readonly (string | null)[]): string => parts.filter((part) => part !== null).join(' · ');
