import { memo, type ReactNode } from 'react';
import styles from './Wave.module.css';

const BARS = 26;
const STEP = 6;

/** What a sound looks like as long as nobody has looked into it: bars that are its own, by its id. */
export const Wave = memo(function Wave({ seed }: { readonly seed: string }): ReactNode {
  const phase = [...seed].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 997, 7) / 40;
  const bars = Array.from({ length: BARS }, (_, at) => {
    const height = 10 + Math.abs(Math.sin(at * 1.7 + phase) * Math.cos(at * 0.6 + phase)) * 54;
    return `M${at * STEP + 3} ${50 - height / 2}v${height}`;
  });
  return (
    <span className={styles.wave}>
      <svg viewBox={`0 0 ${BARS * STEP} 100`} preserveAspectRatio="none" aria-hidden="true">
        <path d={bars.join('')} vectorEffect="non-scaling-stroke" />
      </svg>
    </span>
  );
});
