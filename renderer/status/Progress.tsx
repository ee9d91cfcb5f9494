import type { ReactNode } from 'react';
import { formatBytes } from '../../shared/bytes.ts';
import type { SyncView } from '../../shared/desktop/view.ts';
import styles from './Progress.module.css';

export function Progress({ view }: { readonly view: SyncView }): ReactNode {
  const share = Math.min(1, view.bytesDone / view.bytesTotal);
  const bytes = `${formatBytes(view.bytesDone)} of ${formatBytes(view.bytesTotal)}`;
  return (
    <section className={styles.progress}>
      <div
        className={styles.track}
        role="progressbar"
        aria-label="Progress"
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.floor(share * 100)}
        aria-valuetext={bytes}
      >
        <div className={styles.done} style={{ transform: `scaleX(${share})` }} />
      </div>
      <p className={styles.numbers}>
        <span>{bytes}</span>
        {view.bytesPerSecond !== null && <span>{formatBytes(view.bytesPerSecond)}/s</span>}
      </p>
    </section>
  );
}
