import { TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import type { ProblemRow } from '../../shared/desktop/lists.ts';
import { count } from '../../shared/desktop/truth.ts';
import { act } from '../desk/ask.ts';
import { goToPlace } from '../shell/navigation.ts';
import { Button } from '../ui/Button.tsx';
import { useNow } from '../ui/useNow.ts';
import { nextTry } from '../wording/times.ts';
import styles from './Problems.module.css';

type Row = Extract<ProblemRow, { kind: 'name' | 'other' }>;

export function OtherProblems({ rows }: { readonly rows: readonly Row[] }): ReactNode {
  const now = useNow();
  return (
    <section className={styles.section}>
      <div className={styles.heading}>
        <h2>Not synced</h2>
        <span>{count(rows.length)}</span>
      </div>
      <ul>
        {rows.map((row) => (
          <li key={row.id} className={styles.item}>
            <TriangleAlert size={16} strokeWidth={1.7} aria-hidden="true" />
            <div>
              <h3>{row.name}</h3>
              <p className={styles.where}>{row.folder}</p>
              <p className={styles.message}>
                {row.message}
                {row.kind === 'name' && row.suggestion !== null && ` “${row.suggestion}” would do.`}
                {row.kind === 'other' && row.retryAt !== null && ` ${nextTry(row.retryAt, now)}.`}
              </p>
            </div>
            <NextStep row={row} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function NextStep({ row }: { readonly row: Row }): ReactNode {
  if (row.kind === 'name' && row.suggestion !== null) {
    return <Button onPress={() => void act('sync.now', {})}>Look again</Button>;
  }
  if (row.kind === 'other' && row.code === 'quota') {
    return <Button onPress={() => goToPlace({ kind: 'trash' })}>Open trash</Button>;
  }
  return <Button onPress={() => void act('sync.now', {})}>Try now</Button>;
}
