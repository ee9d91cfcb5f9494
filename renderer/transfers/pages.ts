import { useCallback, useEffect, useReducer, useRef } from 'react';
import type { TransferGroup, TransferRow } from '../../shared/desktop/lists.ts';
import { ask } from '../desk/ask.ts';

const PAGE = 100;

interface Page {
  rows: readonly TransferRow[];
  revision: number;
  underWay: boolean;
}

/**
 * Rows of the transfers that are in sight. When they have changed, the old ones stay until the new ones are there, and
 * nothing out of sight is read.
 */
export function useTransferRows(revision: number): {
  readonly row: (group: TransferGroup, index: number) => TransferRow | undefined;
  readonly want: (group: TransferGroup, from: number, to: number) => void;
} {
  const pages = useRef(new Map<string, Page>());
  const newest = useRef(revision);
  const [, redraw] = useReducer((drawn: number) => drawn + 1, 0);
  useEffect(() => {
    newest.current = revision;
  }, [revision]);

  const read = useCallback(async (group: TransferGroup, at: number): Promise<void> => {
    const key = `${group} ${at}`;
    const page = pages.current.get(key) ?? { rows: [], revision: -1, underWay: false };
    if (page.underWay || page.revision === newest.current) return;
    pages.current.set(key, page);
    page.underWay = true;
    const asked = newest.current;
    const outcome = await ask('transfers.rows', { group, from: at * PAGE, to: (at + 1) * PAGE });
    page.underWay = false;
    if (!outcome.ok) return;
    page.rows = outcome.value;
    page.revision = asked;
    redraw();
  }, []);

  const row = useCallback(
    (group: TransferGroup, index: number) =>
      pages.current.get(`${group} ${Math.floor(index / PAGE)}`)?.rows[index % PAGE],
    [],
  );
  const want = useCallback(
    (group: TransferGroup, from: number, to: number) => {
      for (let at = Math.floor(from / PAGE); at * PAGE < to; at++) void read(group, at);
    },
    [read],
  );
  return { row, want };
}
