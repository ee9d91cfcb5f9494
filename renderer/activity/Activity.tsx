import { useVirtualizer } from '@tanstack/react-virtual';
import { History } from 'lucide-react';
import { type ReactNode, useCallback, useEffect, useRef, useState } from 'react';
import type { ActivityRow } from '../../shared/desktop/lists.ts';
import { ask } from '../desk/ask.ts';
import { useSlice } from '../desk/snapshot.ts';
import { goToPlace } from '../shell/navigation.ts';
import page from '../shell/Page.module.css';
import { PageHeader } from '../shell/PageHeader.tsx';
import { Button } from '../ui/Button.tsx';
import { EmptyState } from '../ui/EmptyState.tsx';
import { useNow } from '../ui/useNow.ts';
import { day } from '../wording/times.ts';
import { ActivityLine } from './ActivityLine.tsx';

const PAGE = 100;
const ROW = 38;

/** What happened, the newest first; older things are read as one gets there. */
export function Activity(): ReactNode {
  const { rows, readMore } = useActivity(useSlice('activity')?.revision ?? 0);
  const now = useNow();
  const scroller = useRef<HTMLElement>(null);
  const virtual = useVirtualizer({
    count: rows?.length ?? 0,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 8,
    paddingEnd: 24,
  });
  const shown = virtual.getVirtualItems();
  const last = shown.at(-1)?.index ?? 0;
  useEffect(() => {
    if (rows !== null && last >= rows.length - 20) void readMore();
  }, [rows, last, readMore]);
  return (
    <main className={page.page}>
      <PageHeader title="Activity" />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard */}
      <section ref={scroller} className={page.scroller} tabIndex={0} aria-label="What happened">
        {rows?.length === 0 && (
          <EmptyState
            icon={History}
            title="Nothing happened yet"
            action={<Button onPress={() => goToPlace({ kind: 'all' })}>Go to the library</Button>}
          >
            Every change is listed here, with the device it came from.
          </EmptyState>
        )}
        <ul className={page.lines} style={{ height: virtual.getTotalSize() }}>
          {shown.map(({ index, start, size }) => {
            const row = rows?.[index];
            const above = rows?.[index - 1];
            if (row === undefined) return null;
            const today = day(row.at, now);
            const first = above === undefined || day(above.at, now) !== today;
            return (
              <li key={row.id} className={page.line} style={{ transform: `translateY(${start}px)`, height: size }}>
                <ActivityLine row={row} day={first ? today : null} />
              </li>
            );
          })}
        </ul>
      </section>
    </main>
  );
}

function useActivity(revision: number) {
  const [rows, setRows] = useState<readonly ActivityRow[] | null>(null);
  const reading = useRef(false);
  const ended = useRef(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new revision is why they are read again
  useEffect(() => {
    let wanted = true;
    void ask('activity.rows', { before: null, limit: PAGE }).then((outcome) => {
      if (!wanted || !outcome.ok) return;
      const newest = outcome.value;
      const oldest = newest.at(-1)?.id ?? 0;
      ended.current = newest.length < PAGE;
      setRows((known) => [...newest, ...(known ?? []).filter(({ id }) => id < oldest)]);
    });
    return () => {
      wanted = false;
    };
  }, [revision]);
  const before = rows?.at(-1)?.id ?? null;
  const readMore = useCallback(async () => {
    if (reading.current || ended.current || before === null) return;
    reading.current = true;
    const outcome = await ask('activity.rows', { before, limit: PAGE });
    reading.current = false;
    if (!outcome.ok) return;
    ended.current = outcome.value.length < PAGE;
    setRows((known) => [...(known ?? []), ...outcome.value.filter(({ id }) => id < before)]);
  }, [before]);
  return { rows, readMore };
}
