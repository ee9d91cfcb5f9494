import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { count as inWords } from '../../shared/desktop/truth.ts';
import type { FileType } from '../../shared/fileTypes.ts';
import styles from './NavLine.module.css';
import { SyncLine } from './SyncLine.tsx';

interface NavLineProps {
  readonly icon?: LucideIcon;
  readonly dot?: FileType;
  readonly label: string;
  /** Not shown when it is nought. */
  readonly count?: number | undefined;
  readonly on: boolean;
  readonly urgent?: boolean;
  /** A hairline of how far the whole sync has come. */
  readonly progress?: boolean;
  readonly onPress: () => void;
}

export function NavLine(props: NavLineProps): ReactNode {
  const { icon: Icon, dot, label, count = 0, on, urgent = false, progress = false, onPress } = props;
  return (
    <button
      type="button"
      className={styles.line}
      aria-current={on ? 'page' : undefined}
      data-urgent={urgent || undefined}
      onClick={onPress}
    >
      {Icon !== undefined && <Icon size={16} strokeWidth={1.6} aria-hidden="true" />}
      {dot !== undefined && <span className={styles.dot} data-type={dot} />}
      <span className={styles.label}>{label}</span>
      {count > 0 && <span className={styles.count}>{inWords(count)}</span>}
      {progress && <SyncLine />}
    </button>
  );
}
