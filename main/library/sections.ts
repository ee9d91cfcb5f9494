import type { LibrarySection } from '../../shared/desktop/library.ts';
import type { FileType } from '../../shared/fileTypes.ts';
import type { Question } from './queries.ts';
import { letterOf } from './words.ts';

export type KeyOf = (index: number) => string | number | null;

const TYPES: Record<FileType, string> = {
  image: 'Images',
  video: 'Videos',
  audio: 'Audio',
  scene: 'Scenes',
  project: 'Projects',
  document: 'Documents',
  other: 'Other',
};
const MONTHS = [
  ...['January', 'February', 'March', 'April', 'May', 'June'],
  ...['July', 'August', 'September', 'October', 'November', 'December'],
] as const;
const DAY_MS = 86_400_000;

/**
 * Divides a list in order by what its keys have in common. Only a few keys of each section are read: equal titles lie
 * together, so the end of one is found by halving.
 */
export function sectionsOf(
  question: Question,
  from: number,
  total: number,
  keyOf: KeyOf,
  now: number,
): LibrarySection[] {
  if (total <= from) return [];
  const title = titleFor(question.key, now);
  if (!title) return [{ title: null, from, count: total - from }];
  const sections: LibrarySection[] = [];
  for (let at = from; at < total; ) {
    const here = title(keyOf(at));
    const end = endOf(at, total, (index) => title(keyOf(index)) === here);
    sections.push({ title: here, from: at, count: end - at });
    at = end;
  }
  return sections;
}

function endOf(from: number, total: number, belongs: (index: number) => boolean): number {
  let inside = from;
  let step = 1;
  while (inside + step < total && belongs(inside + step)) {
    inside += step;
    step *= 2;
  }
  let outside = Math.min(total, inside + step);
  while (outside - inside > 1) {
    const middle = (inside + outside) >> 1;
    if (belongs(middle)) inside = middle;
    else outside = middle;
  }
  return outside;
}

/** undefined: such a list has no natural groups. */
function titleFor(key: Question['key'], now: number): ((key: string | number | null) => string) | undefined {
  switch (key) {
    case 'added_at':
    case 'modified_at':
    case 'trashed_at':
      return dayTitle(now);
    case 'sort_key':
      return (value) => letterOf(String(value));
    case 'type':
      return (value) => TYPES[value as FileType] ?? TYPES.other;
    case 'size':
      return undefined;
  }
}

/** By the calendar of where this computer is; weeks begin on Monday. */
function dayTitle(now: number): (at: string | number | null) => string {
  const today = new Date(now).setHours(0, 0, 0, 0);
  const tomorrow = today + DAY_MS;
  const yesterday = new Date(today - DAY_MS / 2).setHours(0, 0, 0, 0);
  const monday = new Date(today - ((new Date(today).getDay() + 6) % 7) * DAY_MS + DAY_MS / 2).setHours(0, 0, 0, 0);
  return (value) => {
    const at = Number(value ?? 0);
    if (at <= 0) return 'Earlier';
    if (at >= today && at < tomorrow + DAY_MS) return 'Today';
    if (at >= yesterday && at < today) return 'Yesterday';
    if (at >= monday && at < yesterday) return 'This week';
    const date = new Date(at);
    return `${MONTHS[date.getMonth()] ?? ''} ${date.getFullYear()}`;
  };
}
