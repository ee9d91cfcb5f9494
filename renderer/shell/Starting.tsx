import type { ReactNode } from 'react';
import { Mark } from '../ui/Mark.tsx';
import styles from './Starting.module.css';

/** Until the first word has come. It stays empty at first: most starts are over before words could be read. */
export function Starting(): ReactNode {
  return (
    <main className={styles.starting}>
      <Mark size={40} />
      <p role="status">Driftless is starting.</p>
    </main>
  );
}
