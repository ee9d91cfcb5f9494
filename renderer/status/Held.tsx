import type { ReactNode } from 'react';
import { count as inWords } from '../../shared/desktop/truth.ts';
import styles from './List.module.css';

/** Deletes that wait for a yes. The answer is given in a terminal as long as the window does not list them. */
export function Held({ count }: { readonly count: number }): ReactNode {
  return (
    <section>
      <h2 className={styles.heading}>
        Deletes <span>{inWords(count)}</span>
      </h2>
      <p className={styles.message}>
        So many at once may be a mistake, so nothing was deleted yet. In a terminal, <code>driftless problems</code>{' '}
        lists them, <code>driftless approve</code> lets them happen and <code>driftless deny</code> keeps the files.
      </p>
    </section>
  );
}
