import type { ReactNode } from 'react';
import { type Tone, toneOf, truth } from '../../shared/desktop/truth.ts';
import type { SyncView } from '../../shared/desktop/view.ts';
import { ToneIcon } from '../ui/ToneIcon.tsx';
import styles from './Truth.module.css';

interface TruthProps {
  readonly view: SyncView | null;
  readonly trouble: string | null;
  readonly folder: string;
}

/** The one line that says how things stand, with the reason below it where there is one. */
export function Truth({ view, trouble, folder }: TruthProps): ReactNode {
  const { tone, line } = lineOf(view, trouble);
  const reason = trouble ?? view?.message ?? null;
  return (
    <section className={styles.truth} data-tone={tone}>
      <span className={styles.icon}>
        <ToneIcon tone={tone} />
      </span>
      <div className={styles.words}>
        <p className={styles.line}>
          {line.split(/(?<= ·) /).map((part) => (
            <span key={part}>{part} </span>
          ))}
        </p>
        {reason !== null && <p className={styles.reason}>{reason}</p>}
        <p className={styles.folder}>{folder}</p>
      </div>
      <p className={styles.spoken} role="status">
        {tone === 'busy' ? 'Syncing' : `${line}. ${reason ?? ''}`}
      </p>
    </section>
  );
}

function lineOf(view: SyncView | null, trouble: string | null): { tone: Tone; line: string } {
  if (trouble !== null) return { tone: 'attention', line: 'Not syncing' };
  if (view === null) return { tone: 'busy', line: 'Starting' };
  return { tone: toneOf(view), line: truth(view, Date.now()) };
}
