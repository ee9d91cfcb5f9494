import { type ReactNode, type Ref, useId } from 'react';
import styles from './TextField.module.css';

interface TextFieldProps {
  readonly label: string;
  readonly hideLabel?: boolean;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly type?: 'text' | 'password' | 'url';
  readonly placeholder?: string;
  readonly autoComplete?: string;
  /** What is wrong with it: one sentence. */
  readonly fault?: string | null;
  readonly field?: Ref<HTMLInputElement>;
  readonly onFocus?: (field: HTMLInputElement) => void;
}

export function TextField(props: TextFieldProps): ReactNode {
  const {
    label,
    hideLabel = false,
    value,
    onChange,
    type = 'text',
    placeholder,
    autoComplete,
    fault,
    field,
    onFocus,
  } = props;
  const id = useId();
  const faulty = fault !== null && fault !== undefined;
  return (
    <div className={styles.field}>
      <label className={hideLabel ? 'spoken' : styles.label} htmlFor={id}>
        {label}
      </label>
      <input
        ref={field}
        id={id}
        className={styles.input}
        type={type}
        value={value}
        placeholder={placeholder}
        autoComplete={autoComplete ?? 'off'}
        spellCheck={false}
        aria-invalid={faulty}
        aria-describedby={faulty ? `${id}-fault` : undefined}
        onChange={({ target }) => onChange(target.value)}
        onFocus={({ target }) => onFocus?.(target)}
      />
      {faulty && (
        <p id={`${id}-fault`} className={styles.fault} role="alert">
          {fault}
        </p>
      )}
    </div>
  );
}
