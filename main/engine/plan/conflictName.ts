import type { NodeId } from '../../../shared/ids.ts';
import { withSuffix } from '../../../shared/names.ts';
import type { Look } from './trees.ts';

const SUFFIX = / \((?:conflicted copy, .* \d{4}-\d{2}-\d{2} \d{4}(?: \d+)?|case conflict(?: \d+)?)\)(?=\.[^.]*$|$)/;

/** `2026-11-20 1402`: UTC, the losing version's own modification time, so that a retry gives the same name. */
function stamp(mtimeMs: number): string {
  const iso = new Date(mtimeMs).toISOString();
  return `${iso.slice(0, 10)} ${iso.slice(11, 13)}${iso.slice(14, 16)}`;
}

const numbered = (label: string, attempt: number): string => (attempt > 1 ? `${label} ${attempt}` : label);

/** A suffix that is there already is replaced, never doubled. */
const suffixed = (name: string, label: string): string => withSuffix(name.replace(SUFFIX, ''), ` (${label})`);

/** `name` is the one that a file or folder called `before` gets when it steps aside: the engine's doing, not a person's. */
export const isStandIn = (name: string, before: string): boolean =>
  SUFFIX.test(name) && name.replace(SUFFIX, '') === before.replace(SUFFIX, '');

const COPY = / \(conflicted copy, (.*) (\d{4}-\d{2}-\d{2} \d{4})(?: \d+)?\)(?=\.[^.]*$|$)/;

/** Whose version a conflict copy keeps, and the name that it stepped aside from; null: the name is none of a copy. */
export function conflictOf(name: string): { readonly original: string; readonly device: string } | null {
  const device = COPY.exec(name)?.[1];
  return device === undefined ? null : { original: name.replace(COPY, ''), device };
}

/** `report (conflicted copy, Studio 2026-11-20 1402).pdf`, for the first, second, … attempt at a free name. */
export const conflictCopyName = (name: string, device: string, mtimeMs: number, attempt: number): string =>
  suffixed(name, numbered(`conflicted copy, ${device} ${stamp(mtimeMs)}`, attempt));

/** `Report (case conflict).pdf`: for names that differ only in case. */
export const caseConflictName = (name: string, attempt: number): string =>
  suffixed(name, numbered('case conflict', attempt));

/** `report (moving).pdf`: on the server for a moment, to break a ring. */
export const movingName = (name: string, attempt: number): string =>
  withSuffix(name, ` (${numbered('moving', attempt)})`);

/** The first name that nobody but `keeper` has in this folder, on disk or on the server; null: nobody at all. */
export function freeName(
  look: Look,
  keeper: NodeId | null,
  parentId: NodeId | null,
  nameFor: (attempt: number) => string,
): string {
  for (let attempt = 1; ; attempt += 1) {
    const name = nameFor(attempt);
    const { local, remote } = look.slotOf({ parentId, name });
    if ((remote?.id ?? keeper) === keeper && local.every((node) => node.id === keeper)) return name;
  }
}
