import type { ReactNode } from 'react';
import { clockTime, count } from '../../shared/desktop/truth.ts';
import type { ProblemView } from '../../shared/desktop/view.ts';
import styles from './List.module.css';

interface ProblemsProps {
  readonly problems: readonly ProblemView[];
  /** How many there are in all; the list may hold fewer. */
  readonly total: number;
}

export function Problems({ problems, total }: ProblemsProps): ReactNode {
  return (
    <section>
      <h2 className={styles.heading}>
        Problems <span>{count(total)}</span>
      </h2>
      <ul className={styles.list}>
        {problems.map(({ path, code, message, retryAt }) => (
          <li key={`${code} ${path}`}>
            <p className={styles.path}>{path}</p>
            <p className={styles.message}>
              {message}
              {retryAt !== null && ` Next try ${clockTime(retryAt, Date.now())}.`}
            </p>
          </li>
        ))}
      </ul>
      {total > problems.length && <p className={styles.more}>and {count(total - problems.length)} more</p>}
    </section>
  );
}
