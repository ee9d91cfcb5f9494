import { Radio } from '@base-ui/react/radio';
import { RadioGroup } from '@base-ui/react/radio-group';
import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import styles from './Choice.module.css';

export interface Option<T extends string> {
  readonly value: T;
  readonly icon: LucideIcon;
  readonly label: string;
  readonly more: string;
}

interface ChoiceProps<T extends string> {
  readonly label: string;
  readonly options: readonly Option<T>[];
  readonly value: T;
  readonly onChange: (value: T) => void;
}

/** One of a few, each with a word about what it means. */
export function Choice<T extends string>({ label, options, value, onChange }: ChoiceProps<T>): ReactNode {
  return (
    <RadioGroup className={styles.group} aria-label={label} value={value} onValueChange={(next) => onChange(next as T)}>
      {options.map(({ value: one, icon: Icon, label: name, more }) => (
        // biome-ignore lint/a11y/noLabelWithoutControl: the radio inside is its control
        <label key={one} className={styles.option} data-on={one === value || undefined}>
          <Icon size={20} strokeWidth={1.5} aria-hidden="true" />
          <span>
            <b>{name}</b>
            <small>{more}</small>
          </span>
          <Radio.Root value={one} className={styles.radio}>
            <Radio.Indicator className={styles.dot} />
          </Radio.Root>
        </label>
      ))}
    </RadioGroup>
  );
}
