import type { ReactNode } from 'react';
import { formatBytes } from '../../shared/bytes.ts';
import { quotaReached } from '../../shared/desktop/quota.ts';
import type { StorageSlice } from '../../shared/desktop/snapshot.ts';
import { useSlice } from '../desk/snapshot.ts';
import { TYPE_NAMES, TYPES } from '../wording/types.ts';
import styles from './Meter.module.css';

/** How full the storage is, by type. Amber from 80 %, red from 95 %. */
export function Meter(): ReactNode {
  const storage = useSlice('storage');
  if (storage === null) return null;
  const { usedBytes, limitBytes } = storage;
  const of = limitBytes === null ? 'used' : `of ${formatBytes(limitBytes)}`;
  return (
    <div className={styles.meter} data-level={levelOf(storage)}>
      <div className={styles.words}>
        <b>{formatBytes(usedBytes)}</b>
        <span>{of}</span>
      </div>
      <div className={styles.bar} role="img" aria-label={`Storage: ${formatBytes(usedBytes)} ${of}`}>
        {segments(storage).map(({ type, share, title }) => (
          <span key={type} data-type={type} title={title} style={{ width: `${share * 100}%` }} />
        ))}
      </div>
    </div>
  );
}

export function levelOf(storage: Pick<StorageSlice, 'usedBytes' | 'limitBytes'>): 'fine' | 'amber' | 'red' {
  switch (quotaReached(storage)) {
    case null:
      return 'fine';
    case 80:
      return 'amber';
    case 95:
    case 100:
      return 'red';
  }
}

/** What no type accounts for, such as older versions, is shown as other. */
function segments({ usedBytes, limitBytes, byType }: StorageSlice) {
  const whole = Math.max(usedBytes, limitBytes ?? usedBytes, 1);
  const named = TYPES.reduce((sum, type) => sum + (type === 'other' ? 0 : byType[type]), 0);
  return TYPES.map((type) => {
    const bytes = type === 'other' ? Math.max(byType.other, usedBytes - named) : byType[type];
    return { type, share: bytes / whole, title: `${TYPE_NAMES[type]}: ${formatBytes(bytes)}` };
  }).filter(({ share }) => share > 0.002);
}
