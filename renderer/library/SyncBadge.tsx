import type { LucideIcon } from 'lucide-react';
import { Clock, Cloud, GitCompareArrows, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import type { ItemSync } from '../../shared/desktop/library.ts';
import styles from './SyncBadge.module.css';

/** A mark on the picture of what is not plainly in sync; its words stand below the picture. */
export function SyncBadge({ sync }: { readonly sync: ItemSync }): ReactNode {
  switch (sync.state) {
    case 'synced':
      return null;
    case 'uploading':
    case 'downloading':
      return (
        <span className={styles.progress} aria-hidden="true">
          <span style={{ transform: `scaleX(${sync.progress})` }} />
        </span>
      );
    case 'waiting':
      return <Badge icon={Clock} />;
    case 'cloud-only':
      return <Badge icon={Cloud} />;
    case 'conflict':
      return <Badge icon={GitCompareArrows} urgent />;
    case 'problem':
      return <Badge icon={TriangleAlert} urgent />;
  }
}

function Badge({ icon: Icon, urgent = false }: { readonly icon: LucideIcon; readonly urgent?: boolean }): ReactNode {
  return (
    <span className={styles.badge} data-urgent={urgent || undefined} aria-hidden="true">
      <Icon size={12} strokeWidth={2} />
    </span>
  );
}
