import { type ReactNode, useState } from 'react';
import type { ProblemRow } from '../../shared/desktop/lists.ts';
import { act, answerOf } from '../desk/ask.ts';
import { Button } from '../ui/Button.tsx';
import { sayDone } from '../ui/toasts.ts';
import { files as inFiles } from '../wording/counts.ts';
import styles from './Problems.module.css';

interface HeldDeletesProps {
  readonly row: Extract<ProblemRow, { kind: 'held-deletes' }>;
  readonly onLeave: (ids: readonly string[]) => () => void;
}

const MORE = 500;

/** So many deletes at once may be a mistake: nothing happens until a person has said which it is. */
export function HeldDeletes({ row, onLeave }: HeldDeletesProps): ReactNode {
  const { direction, count } = row;
  const [paths, setPaths] = useState(row.paths);
  const readMore = async (): Promise<void> => {
    const more = await answerOf('problems.held', { direction, from: paths.length, to: paths.length + MORE });
    if (more !== undefined) setPaths([...paths, ...more]);
  };
  const decide = async (happen: boolean): Promise<void> => {
    const comeBack = onLeave([row.id]);
    const done = await act('deletes.decide', { direction, happen }, comeBack);
    if (done)
      sayDone(
        happen ? 'They go to the trash, where they stay for 30 days.' : 'They are kept, and come back everywhere.',
      );
  };
  const where = direction === 'local' ? 'in your folder' : 'on another device';
  return (
    <section className={styles.section} aria-label="Deletes that wait for you">
      <div className={`${styles.card} ${styles.warning}`}>
        <h2>Did you mean to delete {inFiles(count)}?</h2>
        <p className={styles.message}>
          They were deleted {where}, so many at once that it may be a mistake. Nothing has been deleted anywhere else
          yet.
        </p>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a list that scrolls must be reached by the keyboard */}
        <ul className={styles.paths} tabIndex={0} aria-label="Files that would be deleted">
          {paths.map((path) => (
            <li key={path}>{path}</li>
          ))}
          {paths.length < count && (
            <li>
              <Button small kind="quiet" onPress={() => void readMore()}>
                Show more
              </Button>
            </li>
          )}
        </ul>
        <div className={styles.buttons}>
          <Button kind="primary" onPress={() => void decide(false)}>
            Keep the files
          </Button>
          <Button onPress={() => void decide(true)}>Delete them everywhere</Button>
        </div>
      </div>
    </section>
  );
}
