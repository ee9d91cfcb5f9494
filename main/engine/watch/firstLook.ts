import type { Clock } from '../ports.ts';

/** The first look waits so long, in ms, for the folder to be watched. */
const PATIENCE_MS = 5_000;

/**
 * Looks when everything is watched: from then on no change can be missed, so one look is enough. Where watching takes its
 * time it is not waited for, and there is a second look when it is done. Returns how to give up.
 */
export function lookWhenWatched(ready: Promise<void>, clock: Clock, look: () => void): () => void {
  let given = false;
  const cancel = clock.after(PATIENCE_MS, look);
  void ready.then(() => {
    cancel();
    if (!given) look();
  });
  return () => {
    given = true;
    cancel();
  };
}
