import { nameKey, withSuffix } from '../../../shared/names.ts';
import type { LocalNode, Place } from '../model.ts';
import type { Trees } from './trees.ts';

const SUFFIX = / \((?:conflicted copy, .* \d{4}-\d{2}-\d{2} \d{4}(?: \d+)?|case conflict(?: \d+)?)\)(?=\.[^.]*$|$)/;

/** `2026-11-20 1402`: UTC, the losing version's own modification time, so that a retry gives the same name. */
function stamp(mtimeMs: number): string {
  const iso = new Date(mtimeMs).toISOString();
  return `${iso.slice(0, 10)} ${iso.slice(11, 13)}${iso.slice(14, 16)}`;
}

/** `report (conflicted copy, Studio 2026-11-20 1402).pdf`. A suffix that is there already is replaced, never doubled. */
export function conflictName(trees: Trees, local: LocalNode, device: string, mtimeMs: number): string {
  return freeName(trees, local, (attempt) => conflictCopyName(local.name, device, mtimeMs, attempt));
}

/** The name for the first, second, … attempt at a free one. */
export function conflictCopyName(name: string, device: string, mtimeMs: number, attempt: number): string {
  return suffixed(name, `conflicted copy, ${device} ${stamp(mtimeMs)}${attempt > 1 ? ` ${attempt}` : ''}`);
}

/** `Report (case conflict).pdf`: for names that differ only in case or in Unicode form. */
export function caseConflictName(trees: Trees, local: LocalNode): string {
  return freeName(trees, local, (attempt) => suffixed(local.name, `case conflict${attempt > 1 ? ` ${attempt}` : ''}`));
}

const suffixed = (name: string, label: string): string => withSuffix(name.replace(SUFFIX, ''), ` (${label})`);

function freeName(trees: Trees, place: Place, nameFor: (attempt: number) => string): string {
  for (let attempt = 1; ; attempt += 1) {
    const name = nameFor(attempt);
    const key = nameKey(name);
    const taken = trees.remote.holder(place.parentId, key) ?? trees.local.holders(place.parentId, key)[0];
    if (!taken) return name;
  }
}
