import { TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import type { ProblemRow } from '../../shared/desktop/lists.ts';
import { act } from '../desk/ask.ts';
import { goToPlace } from '../shell/navigation.ts';
import { Button } from '../ui/Button.tsx';
import { sayDone } from '../ui/toasts.ts';
import { useNow } from '../ui/useNow.ts';
import { nextTry } from '../wording/times.ts';
import styles from './Problems.module.css';

type Row = Extract<ProblemRow, { kind: 'name' | 'other' }>;

interface OtherProblemProps {
  readonly row: Row;
  readonly onLeave: (ids: readonly string[]) => () => void;
}

export function OtherHeading(): ReactNode {
  return (
    <div className={styles.heading}>
      <h2>Not synced</h2>
    </div>
  );
}

export function OtherProblem({ row, onLeave }: OtherProblemProps): ReactNode {
  const now = useNow();
  return (
    <div className={styles.item}>
      <TriangleAlert size={16} strokeWidth={1.7} aria-hidden="true" />
      <div>
        <h3>{row.name}</h3>
        <p className={styles.where}>{row.folder}</p>
        <p className={styles.message}>
          {row.message}
          {row.kind === 'other' && row.retryAt !== null && ` ${nextTry(row.retryAt, now)}.`}
        </p>
      </div>
      <NextStep row={row} onLeave={onLeave} />
    </div>
  );
}

function NextStep({ row, onLeave }: OtherProblemProps): ReactNode {
  if (row.kind === 'name' && row.suggestion !== null) {
    const rename = async (): Promise<void> => {
      const comeBack = onLeave([row.id]);
      if (await act('problems.rename', { id: row.id }, comeBack)) sayDone(`It is called “${row.suggestion}” now.`);
    };
    return <Button onPress={() => void rename()}>Rename to “{row.suggestion}”</Button>;
  }
  if (row.kind === 'other' && row.code === 'quota-exceeded') {
    return <Button onPress={() => goToPlace({ kind: 'trash' })}>Open trash</Button>;
  }
  if (row.kind === 'other' && row.code === 'cancelled-by-you' && row.node !== null) {
    const { node } = row;
    return <Button onPress={() => void act('transfers.retry', { id: node })}>Try again</Button>;
  }
  return <Button onPress={() => void act('sync.now', {})}>Try now</Button>;
}
