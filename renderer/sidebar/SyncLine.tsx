import type { ReactNode } from 'react';
import { useSlice } from '../desk/snapshot.ts';
import styles from './SyncLine.module.css';

/** How far the whole sync has come, as a hairline. */
export function SyncLine(): ReactNode {
  const sync = useSlice('sync');
  if (sync === null || sync.state !== 'syncing' || sync.bytesTotal === 0) return null;
  const share = Math.min(1, sync.bytesDone / sync.bytesTotal);
  return (
    <span className={styles.line} aria-hidden="true">
      <span style={{ transform: `scaleX(${share})` }} />
    </span>
  );
}
