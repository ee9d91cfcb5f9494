import { CheckCheck } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import type { ProblemRow } from '../../shared/desktop/lists.ts';
import { act, ask } from '../desk/ask.ts';
import { useSlice } from '../desk/snapshot.ts';
import { goToPlace } from '../shell/navigation.ts';
import { PageHeader } from '../shell/PageHeader.tsx';
import { Button } from '../ui/Button.tsx';
import { EmptyState } from '../ui/EmptyState.tsx';
import { ConflictList } from './ConflictList.tsx';
import { HeldDeletes } from './HeldDeletes.tsx';
import { OtherProblems } from './OtherProblems.tsx';
import styles from './Problems.module.css';

/** So many are read; whoever has more solves these first. */
const READ = 200;

/** What needs a person: deletes that wait for a yes first, then files in two versions, then the rest. */
export function Problems(): ReactNode {
  const slice = useSlice('problems');
  const { rows, leave } = useProblems(slice?.revision ?? 0);
  const held = rows?.filter((row) => row.kind === 'held-deletes') ?? [];
  const conflicts = rows?.filter((row) => row.kind === 'conflict') ?? [];
  const others = rows?.filter((row) => row.kind === 'name' || row.kind === 'other') ?? [];
  const resolve = (ids: readonly string[], keep: 'mine' | 'theirs' | 'both'): void => {
    const comeBack = leave(ids);
    void act('conflict.resolve', { ids: [...ids], keep }, comeBack);
  };
  return (
    <main className={styles.page}>
      <PageHeader title="Problems" />
      <div className={styles.scroller}>
        {rows?.length === 0 && (
          <EmptyState
            icon={CheckCheck}
            title="Nothing needs you"
            action={<Button onPress={() => goToPlace({ kind: 'all' })}>Go to the library</Button>}
          >
            What cannot be synced without you is listed here, with what to do about it.
          </EmptyState>
        )}
        {held.map((row) => (
          <HeldDeletes key={row.id} row={row} onLeave={leave} />
        ))}
        {conflicts.length > 0 && <ConflictList rows={conflicts} total={slice?.conflicts ?? 0} onResolve={resolve} />}
        {others.length > 0 && <OtherProblems rows={others} />}
        {rows?.length === READ && <p className={styles.more}>There are more; they follow once these are solved.</p>}
      </div>
    </main>
  );
}

function useProblems(revision: number) {
  const [rows, setRows] = useState<readonly ProblemRow[] | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new revision is why they are read again
  useEffect(() => {
    let wanted = true;
    void ask('problems.rows', { from: 0, to: READ }).then((outcome) => {
      if (wanted && outcome.ok) setRows(outcome.value);
    });
    return () => {
      wanted = false;
    };
  }, [revision]);
  const leave = (ids: readonly string[]): (() => void) => {
    setRows(rows?.filter(({ id }) => !ids.includes(id)) ?? null);
    return () => setRows(rows);
  };
  return { rows, leave };
}
