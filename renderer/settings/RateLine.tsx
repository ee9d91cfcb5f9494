import { type ReactNode, useId, useState } from 'react';
import { MiB } from '../../shared/bytes.ts';
import { Segments } from '../ui/Segments.tsx';
import { Line } from './Section.tsx';
import styles from './Settings.module.css';

interface RateLineProps {
  readonly label: string;
  /** Bytes a second; null: no limit. */
  readonly rate: number | null;
  readonly onChange: (rate: number | null) => void;
}

const FIRST = 5 * MiB;

/** How fast it may go at most, in MB a second. */
export function RateLine({ label, rate, onChange }: RateLineProps): ReactNode {
  const id = useId();
  const [text, setText] = useState<string | null>(null);
  const shown = text ?? (rate === null ? '' : String(Math.round((rate / MiB) * 10) / 10));
  const take = (): void => {
    const value = Number(shown.replace(',', '.'));
    setText(null);
    if (Number.isFinite(value) && value > 0) onChange(Math.max(1, Math.round(value * MiB)));
  };
  return (
    <Line label={label}>
      <div className={styles.rate}>
        {rate !== null && (
          <>
            <label className="spoken" htmlFor={id}>
              {label}: MB a second at most
            </label>
            <input
              id={id}
              inputMode="decimal"
              value={shown}
              onChange={({ target }) => setText(target.value)}
              onBlur={take}
              onKeyDown={({ key }) => key === 'Enter' && take()}
            />
            <span>MB/s</span>
          </>
        )}
        <Segments<'free' | 'limited'>
          label={label}
          value={rate === null ? 'free' : 'limited'}
          options={[
            { value: 'free', label: 'No limit' },
            { value: 'limited', label: 'Limit' },
          ]}
          onChange={(way) => onChange(way === 'free' ? null : FIRST)}
        />
      </div>
    </Line>
  );
}
