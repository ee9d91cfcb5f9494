import { clockTime } from '../../shared/desktop/truth.ts';

const DAY_MS = 86_400_000;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `0:42`, `12:07`, `1:02:03` */
export function duration(ms: number): string {
  const seconds = Math.round(ms / 1_000);
  const parts = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60];
  const [hours = 0, minutes = 0, rest = 0] = parts;
  if (hours > 0) return `${hours}:${two(minutes)}:${two(rest)}`;
  return `${minutes}:${two(rest)}`;
}

/** `Today, 14:02`, `Yesterday, 18:20`, `12 Nov, 09:04`, `3 Nov 2025, 06:48`; local time. */
export function moment(at: number, now: number): string {
  const date = new Date(at);
  const time = `${two(date.getHours())}:${two(date.getMinutes())}`;
  return `${day(at, now)}, ${time}`;
}

/** `Today`, `Yesterday`, `12 Nov`, `3 Nov 2025` */
export function day(at: number, now: number): string {
  const date = new Date(at);
  if (sameDay(date, new Date(now))) return 'Today';
  if (sameDay(date, new Date(now - DAY_MS))) return 'Yesterday';
  const short = `${date.getDate()} ${MONTHS[date.getMonth()]}`;
  return date.getFullYear() === new Date(now).getFullYear() ? short : `${short} ${date.getFullYear()}`;
}

/** `Next try 14:06`, or what it waits for. */
export const nextTry = (at: number | null, now: number): string =>
  at === null ? 'Waits for a change' : `Next try ${clockTime(at, now)}`;

const sameDay = (a: Date, b: Date): boolean => a.toDateString() === b.toDateString();
const two = (value: number): string => value.toString().padStart(2, '0');
