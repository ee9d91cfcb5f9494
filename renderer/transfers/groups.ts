import type { TransferGroup } from '../../shared/desktop/lists.ts';
import type { TransfersSlice } from '../../shared/desktop/snapshot.ts';

export interface Group {
  readonly group: TransferGroup;
  readonly count: number;
}

export type Line =
  | { readonly kind: 'heading'; readonly group: TransferGroup; readonly count: number }
  | { readonly kind: 'row'; readonly group: TransferGroup; readonly at: number };

/** What needs a person first, then what moves, then what waits. */
const ORDER: readonly TransferGroup[] = ['failed', 'active', 'waiting', 'done'];

export const groupsOf = (slice: TransfersSlice): readonly Group[] =>
  ORDER.map((group) => ({ group, count: slice[group] })).filter(({ count }) => count > 0);

export const lines = (groups: readonly Group[]): number => groups.reduce((sum, { count }) => sum + count + 1, 0);

/** Each group is a heading and its rows. */
export function lineAt(groups: readonly Group[], index: number): Line | null {
  let left = index;
  for (const { group, count } of groups) {
    if (left === 0) return { kind: 'heading', group, count };
    if (left <= count) return { kind: 'row', group, at: left - 1 };
    left -= count + 1;
  }
  return null;
}

/** The same for a line as long as it stands where it does in its group. */
export const keyOf = (line: Line | null): string =>
  line === null ? '' : line.kind === 'heading' ? line.group : `${line.group} ${line.at}`;
