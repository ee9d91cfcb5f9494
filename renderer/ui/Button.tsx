import type { ReactNode } from 'react';
import styles from './Button.module.css';

interface ButtonProps {
  readonly kind?: 'plain' | 'primary' | 'danger' | 'quiet';
  readonly small?: boolean;
  readonly disabled?: boolean;
  readonly submits?: boolean;
  readonly onPress?: () => void;
  readonly children: ReactNode;
}

export function Button(props: ButtonProps): ReactNode {
  const { kind = 'plain', small = false, disabled = false, submits = false, onPress, children } = props;
  return (
    <button
      type={submits ? 'submit' : 'button'}
      className={styles.button}
      data-kind={kind}
      data-small={small || undefined}
      disabled={disabled}
      onClick={onPress}
    >
      {children}
    </button>
  );
}
