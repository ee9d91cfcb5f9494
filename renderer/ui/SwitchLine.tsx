import { Switch } from '@base-ui/react/switch';
import { type ReactNode, useId } from 'react';
import styles from './SwitchLine.module.css';

interface SwitchLineProps {
  readonly label: string;
  readonly on: boolean;
  readonly onChange: (on: boolean) => void;
  readonly disabled?: boolean;
  readonly children?: string;
}

/** A choice between on and off, with what it means below it. */
export function SwitchLine({ label, on, onChange, disabled = false, children }: SwitchLineProps): ReactNode {
  const id = useId();
  return (
    <div className={styles.line}>
      <div className={styles.words}>
        <span id={id}>{label}</span>
        {children !== undefined && <p id={`${id}-more`}>{children}</p>}
      </div>
      <Switch.Root
        className={styles.switch}
        checked={on}
        disabled={disabled}
        aria-labelledby={id}
        aria-describedby={children === undefined ? undefined : `${id}-more`}
        onCheckedChange={onChange}
      >
        <Switch.Thumb className={styles.thumb} />
      </Switch.Root>
    </div>
  );
}
