import type { ReactNode } from 'react';
import { formatBytes } from '../../shared/bytes.ts';
import { useLibrary } from '../library/library.ts';
import { items } from '../wording/counts.ts';
import styles from './Content.module.css';

/** While nothing is selected: what the whole list comes to. */
export function Nothing(): ReactNode {
  const total = useLibrary((library) => library.total);
  const bytes = useLibrary((library) => library.view?.bytes ?? 0);
  if (total === 0) return null;
  return (
    <div className={styles.nothing}>
      <p>{items(total)}</p>
      <p>{formatBytes(bytes)}</p>
      <p className={styles.hint}>Select something to see what is known of it.</p>
    </div>
  );
}
