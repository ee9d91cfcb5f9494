import { useVirtualizer } from '@tanstack/react-virtual';
import { ArrowUpDown } from 'lucide-react';
import { type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { TransferGroup } from '../../shared/desktop/lists.ts';
import { count as inWords } from '../../shared/desktop/truth.ts';
import type { NodeId } from '../../shared/ids.ts';
import { act } from '../desk/ask.ts';
import { useSlice } from '../desk/snapshot.ts';
import { goToPlace } from '../shell/navigation.ts';
import page from '../shell/Page.module.css';
import { PageHeader } from '../shell/PageHeader.tsx';
import { Button } from '../ui/Button.tsx';
import { EmptyState } from '../ui/EmptyState.tsx';
import { useNow } from '../ui/useNow.ts';
import { groupsOf, keyOf, lineAt, lines } from './groups.ts';
import { useTransferRows } from './pages.ts';
import { Summary } from './Summary.tsx';
import { TransferLine } from './TransferLine.tsx';
import styles from './Transfers.module.css';

const ROW = 56;
const HEADING = 40;

const TITLES: Readonly<Record<TransferGroup, string>> = {
  active: 'Under way',
  waiting: 'Waiting',
  failed: 'Failed',
  done: 'Done',
};

/** All that goes up and down, however much it is. */
export function Transfers(): ReactNode {
  const slice = useSlice('transfers');
  const sync = useSlice('sync');
  const now = useNow();
  const scroller = useRef<HTMLDivElement>(null);
  const [paused, setPaused] = useState<ReadonlyMap<string, boolean>>(new Map());
  const groups = useMemo(() => (slice === null ? [] : groupsOf(slice)), [slice]);
  const total = lines(groups);
  const { row, want } = useTransferRows(slice?.revision ?? 0);
  const virtual = useVirtualizer({
    count: total,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => (lineAt(groups, index)?.kind === 'heading' ? HEADING : ROW),
    // Another key function measures anew, and what is known of a line's height stays with the line.
    getItemKey: useCallback((index: number) => keyOf(lineAt(groups, index)), [groups]),
    overscan: 6,
    paddingEnd: 24,
  });
  const shown = virtual.getVirtualItems();
  const wanted = shown.flatMap(({ index }) => {
    const line = lineAt(groups, index);
    return line?.kind === 'row' ? [line] : [];
  });
  useEffect(() => {
    for (const { group, at } of wanted) want(group, at, at + 1);
  });
  const pause = (id: NodeId, on: boolean): void => {
    setPaused(new Map(paused).set(id, on));
    void act('transfers.pause', { id, on }, () => setPaused(new Map(paused).set(id, !on)));
  };
  const isPaused = sync?.state === 'paused';
  return (
    <main className={page.page}>
      <PageHeader title="Transfers">
        <Button onPress={() => void (isPaused ? act('sync.resume', {}) : act('sync.pause', { until: 'resumed' }))}>
          {isPaused ? 'Resume' : 'Pause all'}
        </Button>
      </PageHeader>
      <Summary />
      <div ref={scroller} className={page.scroller}>
        {total === 0 && (
          <EmptyState
            icon={ArrowUpDown}
            title="Nothing is moving"
            action={<Button onPress={() => goToPlace({ kind: 'all' })}>Go to the library</Button>}
          >
            Whatever goes up or comes down is listed here while it does.
          </EmptyState>
        )}
        <ul className={page.lines} style={{ height: total === 0 ? 0 : virtual.getTotalSize() }}>
          {shown.map(({ index, key, start, size }) => {
            const line = lineAt(groups, index);
            const style = { transform: `translateY(${start}px)`, height: size };
            if (line === null) return null;
            if (line.kind === 'heading') {
              return (
                <li key={key} className={`${page.line} ${styles.heading}`} style={style}>
                  <h2>{TITLES[line.group]}</h2> <span>{inWords(line.count)}</span>
                  {line.group === 'failed' && (
                    <Button small kind="quiet" onPress={() => void act('transfers.retry', { id: null })}>
                      Try all again
                    </Button>
                  )}
                </li>
              );
            }
            const transfer = row(line.group, line.at);
            // Why something failed is said to its end, however many lines that takes.
            const tall = line.group === 'failed';
            return (
              <li
                key={key}
                ref={tall ? virtual.measureElement : undefined}
                data-index={index}
                className={`${page.line} ${styles.transfer}`}
                style={tall ? { transform: style.transform, minHeight: ROW } : style}
              >
                {transfer !== undefined && (
                  <TransferLine
                    transfer={transfer}
                    paused={paused.get(transfer.id) ?? transfer.paused}
                    now={now}
                    onPause={pause}
                  />
                )}
              </li>
            );
          })}
        </ul>
      </div>
    </main>
  );
}
