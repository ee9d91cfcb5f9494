import type { LibraryQuery } from '../../shared/desktop/library.ts';
import type { NodeId } from '../../shared/ids.ts';

/** The library hears of what was agreed a little later than who asked for it; by then it has, or never will. */
const PATIENCE_MS = 5_000;

/** What a person took out of a list, until when it is kept out although the list may still have it. */
let away: { readonly query: LibraryQuery | null; readonly until: ReadonlyMap<NodeId, number> } = {
  query: null,
  until: new Map(),
};

export function sendAway(query: LibraryQuery | null, ids: readonly NodeId[]): void {
  const until = new Map(away.query === query ? away.until : []);
  for (const id of ids) until.set(id, performance.now() + PATIENCE_MS);
  away = { query, until };
}

/** They were brought back. */
export function welcome(ids: readonly NodeId[]): void {
  const until = new Map(away.until);
  for (const id of ids) until.delete(id);
  away = { ...away, until };
}

/** What is kept out of the list of this query, and for how many ms more at most. */
export function keptAway(query: LibraryQuery | null): { readonly ids: readonly NodeId[]; readonly forMs: number } {
  if (away.query !== query) return { ids: [], forMs: 0 };
  const now = performance.now();
  const left = [...away.until].filter(([, until]) => until > now);
  return { ids: left.map(([id]) => id), forMs: Math.max(0, ...left.map(([, until]) => until - now)) };
}
