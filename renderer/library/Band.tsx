import type { ReactNode } from 'react';
import styles from './Band.module.css';

export interface BandBox {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export function Band({ left, top, width, height }: BandBox): ReactNode {
  return <div className={styles.band} style={{ transform: `translate(${left}px, ${top}px)`, width, height }} />;
}
