import type { ReactNode } from 'react';
import { count } from '../../shared/desktop/truth.ts';
import styles from './AddingBar.module.css';
import { useAdding } from './add.ts';

/** While files are brought in: how many have arrived. */
export function AddingBar(): ReactNode {
  const adding = useAdding((state) => state.adding);
  if (adding === null) return null;
  const words = `Adding ${count(adding.done)} of ${count(adding.total)}`;
  return (
    <div className={styles.bar} role="progressbar" aria-label="Adding files" aria-valuetext={words}>
      <span style={{ transform: `scaleX(${adding.done / adding.total})` }} />
      <p>{words}</p>
    </div>
  );
}
