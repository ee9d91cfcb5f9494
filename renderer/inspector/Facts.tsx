import type { ReactNode } from 'react';
import { formatBytes } from '../../shared/bytes.ts';
import type { ItemDetail, LibraryItem } from '../../shared/desktop/library.ts';
import { count } from '../../shared/desktop/truth.ts';
import { useNow } from '../ui/useNow.ts';
import { duration, moment } from '../wording/times.ts';
import styles from './Content.module.css';

interface FactsProps {
  readonly item: LibraryItem;
  readonly detail: ItemDetail | null;
}

export function Facts({ item, detail }: FactsProps): ReactNode {
  const now = useNow();
  return (
    <dl className={styles.facts}>
      {factsOf(item, detail, now).map(([name, value]) => (
        <div key={name} className={styles.fact}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

type Fact = readonly [name: string, value: string];

export function factsOf(item: LibraryItem, detail: ItemDetail | null, now: number): readonly Fact[] {
  const { width, height, durationMs } = item;
  const facts: (Fact | null)[] = [
    ['Size', formatBytes(item.size)],
    width === null || height === null ? null : ['Dimensions', `${count(width)} × ${count(height)}`],
    durationMs === null ? null : ['Duration', duration(durationMs)],
    detail?.pages == null ? null : ['Pages', count(detail.pages)],
    detail?.codec == null ? null : ['Codec', detail.codec.toUpperCase()],
    detail?.takenAt == null ? null : ['Taken', moment(detail.takenAt, now)],
    detail?.camera == null ? null : ['Camera', detail.camera],
    ['Modified', moment(item.modifiedAt, now)],
    ['Added', moment(item.addedAt, now)],
    detail?.trashedAt == null ? null : ['Deleted', moment(detail.trashedAt, now)],
  ];
  return facts.filter((fact) => fact !== null);
}
