import { Tooltip } from '@base-ui/react/tooltip';
import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import styles from './IconButton.module.css';

interface IconButtonProps {
  readonly icon: LucideIcon;
  /** What it does; read out, and shown to who hovers. */
  readonly label: string;
  readonly keys?: string;
  readonly pressed?: boolean;
  readonly filled?: boolean;
  readonly disabled?: boolean;
  readonly onPress: () => void;
}

export function IconButton(props: IconButtonProps): ReactNode {
  const { icon: Icon, label, keys, pressed, filled = false, disabled = false, onPress } = props;
  return (
    <Tooltip.Root>
      <Tooltip.Trigger
        className={styles.button}
        aria-label={label}
        aria-pressed={pressed}
        disabled={disabled}
        onClick={onPress}
      >
        <Icon size={16} strokeWidth={1.6} aria-hidden="true" fill={filled ? 'currentColor' : 'none'} />
      </Tooltip.Trigger>
      <Tooltip.Portal>
        <Tooltip.Positioner sideOffset={6} className={styles.over}>
          <Tooltip.Popup className={styles.tip}>
            {label}
            {keys !== undefined && <kbd>{keys}</kbd>}
          </Tooltip.Popup>
        </Tooltip.Positioner>
      </Tooltip.Portal>
    </Tooltip.Root>
  );
}
