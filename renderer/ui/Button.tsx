import type { ReactNode } from 'react';
import styles from './Button.module.css';

interface ButtonProps {
  readonly primary?: boolean;
  readonly onPress: () => void;
  readonly children: ReactNode;
}

export function Button({ primary = false, onPress, children }: ButtonProps): ReactNode {
  return (
    <button type="button" className={primary ? styles.primary : styles.plain} onClick={onPress}>
      {children}
    </button>
  );
}
