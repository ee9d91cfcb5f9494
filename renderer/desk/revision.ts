import { create } from 'zustand';
import { onStanding, standing } from './snapshot.ts';

/** While files stream in, the library changes many times a second; what is read of it again follows at this pace. */
const PACE_MS = 700;

const useRevision = create<{ readonly revision: number }>(() => ({ revision: 0 }));

let lastAt = Number.NEGATIVE_INFINITY;
let timer: ReturnType<typeof setTimeout> | null = null;

/** Counts up when something in the library may be different; at once the first time, then at an easy pace. */
export const useLibraryRevision = (): number => useRevision(({ revision }) => revision);

export function paceRevisions(): void {
  onStanding((now, before) => {
    if (now?.library.revision === before?.library.revision || timer !== null) return;
    timer = setTimeout(publish, Math.max(0, lastAt + PACE_MS - performance.now()));
  });
}

function publish(): void {
  timer = null;
  lastAt = performance.now();
  useRevision.setState({ revision: standing()?.library.revision ?? 0 });
}
