import type { ReactNode } from 'react';
import { formatBytes } from '../../shared/bytes.ts';
import { remaining, working } from '../../shared/desktop/truth.ts';
import { useSlice } from '../desk/snapshot.ts';
import styles from './Summary.module.css';

/** How far it all has come, how fast it is, and how long it will take. */
export function Summary(): ReactNode {
  const sync = useSlice('sync');
  if (sync === null || sync.state !== 'syncing' || sync.bytesTotal === 0) return null;
  const share = Math.min(1, sync.bytesDone / sync.bytesTotal);
  const bytes = `${formatBytes(sync.bytesDone)} of ${formatBytes(sync.bytesTotal)}`;
  const speed = sync.bytesPerSecond === null ? null : `${formatBytes(sync.bytesPerSecond)}/s`;
  return (
    <section className={styles.summary} aria-label="All transfers">
      <p className={styles.words}>
        <b>{working(sync)}</b>
        <span>{bytes}</span>
        <span className={styles.rest}>
          {[speed, remaining(sync.secondsLeft)].filter((part) => part !== null).join(' · ')}
        </span>
      </p>
      <div
        className={styles.track}
        role="progressbar"
        aria-label="All transfers"
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.floor(share * 100)}
        aria-valuetext={bytes}
      >
        <span style={{ transform: `scaleX(${share})` }} />
      </div>
    </section>
  );
}
