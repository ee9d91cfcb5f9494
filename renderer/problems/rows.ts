import { useCallback, useEffect, useReducer, useRef, useState } from 'react';
import type { ProblemRow } from '../../shared/desktop/lists.ts';
import { ask } from '../desk/ask.ts';

const PAGE = 100;

interface Page {
  rows: readonly ProblemRow[];
  revision: number;
  underWay: boolean;
}

/** Problems that are in sight, read by their index; what is solved here is gone at once, and comes back if it was refused. */
export function useProblemRows(revision: number) {
  const pages = useRef(new Map<number, Page>());
  const newest = useRef(revision);
  const [, redraw] = useReducer((drawn: number) => drawn + 1, 0);
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  useEffect(() => {
    newest.current = revision;
  }, [revision]);

  const read = useCallback(async (at: number): Promise<void> => {
    const page = pages.current.get(at) ?? { rows: [], revision: -1, underWay: false };
    if (page.underWay || page.revision === newest.current) return;
    pages.current.set(at, page);
    page.underWay = true;
    const asked = newest.current;
    const outcome = await ask('problems.rows', { from: at * PAGE, to: (at + 1) * PAGE });
    page.underWay = false;
    if (!outcome.ok) return;
    page.rows = outcome.value;
    page.revision = asked;
    redraw();
  }, []);

  const row = (index: number): ProblemRow | undefined => {
    const found = pages.current.get(Math.floor(index / PAGE))?.rows[index % PAGE];
    return found && left.has(found.id) ? undefined : found;
  };
  const want = useCallback(
    (from: number, to: number) => {
      for (let at = Math.floor(from / PAGE); at * PAGE < to; at++) void read(at);
    },
    [read],
  );
  const leave = (ids: readonly string[]): (() => void) => {
    setLeft((before) => new Set([...before, ...ids]));
    return () => setLeft((before) => new Set([...before].filter((id) => !ids.includes(id))));
  };
  return { row, want, leave };
}
