import type { ReactNode } from 'react';

/** The sign of Driftless; decoration beside its name. */
export function Mark({ size }: { readonly size: number }): ReactNode {
  return (
    <svg width={size} height={size} viewBox="0 0 22 22" aria-hidden="true" fill="currentColor">
      <path d="M11 2a9 9 0 0 1 9 9c0 2.5-2 3.6-4.5 3.6S11.5 13 11 11s-2-3.6-4.5-3.600S2 8.5 2 11a9 9 0 0 1 9-9z" />
      <path
        d="M2 11c0 5 4 9 9 9s9-4 9-9c0 2.5-2 3.6-4.5 3.600S11.5 13 11 11s-2-3.6-4.5-3.600S2 8.5 2 11z"
        opacity=".42"
      />
    </svg>
  );
}
