import { useVirtualizer } from '@tanstack/react-virtual';
import { CheckCheck } from 'lucide-react';
import { type ReactNode, useEffect, useRef } from 'react';
import type { ProblemRow } from '../../shared/desktop/lists.ts';
import { act } from '../desk/ask.ts';
import { useSlice } from '../desk/snapshot.ts';
import { goToPlace } from '../shell/navigation.ts';
import { PageHeader } from '../shell/PageHeader.tsx';
import { Button } from '../ui/Button.tsx';
import { EmptyState } from '../ui/EmptyState.tsx';
import { ConflictCard, ConflictHeading, type Keep } from './Conflict.tsx';
import { HeldDeletes } from './HeldDeletes.tsx';
import { OtherHeading, OtherProblem } from './OtherProblem.tsx';
import styles from './Problems.module.css';
import { useProblemRows } from './rows.ts';

/** Until a row has been drawn; most are of the last kind. */
const ROW = 84;

/** What needs a person, however much it is: deletes that wait for a yes first, then files in two versions, then the rest. */
export function Problems(): ReactNode {
  const slice = useSlice('problems');
  const scroller = useRef<HTMLDivElement>(null);
  const { row, want, leave } = useProblemRows(slice?.revision ?? 0);
  const total = slice?.count ?? 0;
  const virtual = useVirtualizer({
    count: total,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 6,
  });
  const shown = virtual.getVirtualItems();
  const [first, last] = [shown[0]?.index ?? 0, shown.at(-1)?.index ?? -1];
  useEffect(() => want(first, last + 1));
  const resolve = (ids: readonly string[] | 'all', keep: Keep): void => {
    const comeBack = ids === 'all' ? undefined : leave(ids);
    void act('conflict.resolve', { ids: ids === 'all' ? ids : [...ids], keep }, comeBack);
  };
  const body = (one: ProblemRow): ReactNode => {
    switch (one.kind) {
      case 'held-deletes':
        return <HeldDeletes row={one} onLeave={leave} />;
      case 'conflict':
        return <ConflictCard row={one} onResolve={resolve} />;
      case 'name':
      case 'other':
        return <OtherProblem row={one} onLeave={leave} />;
    }
  };
  const heading = (one: ProblemRow, before: ProblemRow | undefined): ReactNode => {
    if (before !== undefined && isPlain(before) === isPlain(one) && before.kind !== 'held-deletes') return null;
    if (one.kind === 'conflict') return <ConflictHeading total={slice?.conflicts ?? 0} onResolve={resolve} />;
    return isPlain(one) ? <OtherHeading /> : null;
  };
  return (
    <main className={styles.page}>
      <PageHeader title="Problems" />
      <div ref={scroller} className={styles.scroller}>
        {total === 0 && (
          <EmptyState
            icon={CheckCheck}
            title="Nothing needs you"
            action={<Button onPress={() => goToPlace({ kind: 'all' })}>Go to the library</Button>}
          >
            What cannot be synced without you is listed here, with what to do about it.
          </EmptyState>
        )}
        <ul className={styles.list} style={{ height: total === 0 ? 0 : virtual.getTotalSize() }}>
          {shown.map(({ index, key, start }) => {
            const one = row(index);
            const before = index === 0 ? undefined : row(index - 1);
            return (
              <li
                key={key}
                ref={virtual.measureElement}
                data-index={index}
                className={styles.line}
                style={{ transform: `translateY(${start}px)` }}
              >
                {one !== undefined && (index === 0 || before !== undefined) && heading(one, before)}
                {one !== undefined && body(one)}
              </li>
            );
          })}
        </ul>
      </div>
    </main>
  );
}

const isPlain = ({ kind }: ProblemRow): boolean => kind === 'name' || kind === 'other';
