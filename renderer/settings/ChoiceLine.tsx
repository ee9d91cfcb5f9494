import type { ReactNode } from 'react';
import { Segments } from '../ui/Segments.tsx';
import { Line } from './Section.tsx';

interface ChoiceLineProps<T extends string> {
  readonly label: string;
  readonly value: T;
  /** In the order in which they are offered. */
  readonly options: Readonly<Record<T, string>>;
  readonly onChange: (value: T) => void;
}

/** One of a few, by their names. */
export function ChoiceLine<T extends string>({ label, value, options, onChange }: ChoiceLineProps<T>): ReactNode {
  const named = (Object.keys(options) as T[]).map((key) => ({ value: key, label: options[key] }));
  return (
    <Line label={label}>
      <Segments<T> label={label} value={value} options={named} onChange={onChange} />
    </Line>
  );
}
