import type { ReactNode } from 'react';
import type { Tone } from '../../shared/desktop/truth.ts';

/** Says the tone of the line of truth in a shape, so that colour is never the only sign. It does not move. */
export function ToneIcon({ tone }: { readonly tone: Tone }): ReactNode {
  return (
    <svg
      width="20"
      height="20"
      viewBox="0 0 16 16"
      aria-hidden="true"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
    >
      <path d={SHAPES[tone]} strokeLinecap="round" strokeLinejoin="round" />
    </svg>
  );
}

const SHAPES: Record<Tone, string> = {
  ok: 'm3 8.5 3.2 3.2 6.6-7.2',
  busy: 'M5 13V3M5 3 2.5 5.600M5 3l2.5 2.600M11 3v10M11 13l-2.5-2.600M11 13l2.5-2.6',
  paused: 'M5.5 3.500v9M10.5 3.500v9',
  attention: 'M8 3v6M8 12.500v.01',
  offline: 'M2 8a6 6 0 1 0 12 0 6 6 0 1 0-12 0M4 12l8-8',
};
