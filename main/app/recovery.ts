/** From so many crashes on, none of them long after the one before, the page is not tried again by itself. */
export const MOST_CRASHES = 3;
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 30_000;
/** A crash after so long a run is a new trouble, not the same one again. */
const WELL_MS = 60_000;

export interface RecoveryParts {
  /** Loads the page again. */
  reload(): void;
  /** Shows what to do instead. */
  giveUp(): void;
  now(): number;
  /** Runs once, after so many ms; returns how to cancel. */
  after(ms: number, run: () => void): () => void;
}

export interface Recovery {
  /** The page's process is gone. */
  crashed(): void;
  /** There is no window any more. */
  forget(): void;
}

/** Brings a crashed page back, waiting longer each time. */
export function recovery({ reload, giveUp, now, after }: RecoveryParts): Recovery {
  let crashes = 0;
  let lastAt = Number.NEGATIVE_INFINITY;
  let cancel: (() => void) | null = null;
  return {
    crashed() {
      crashes = now() - lastAt > WELL_MS ? 1 : crashes + 1;
      lastAt = now();
      cancel?.();
      const wait = Math.min(FIRST_WAIT_MS * 2 ** (crashes - 1), LONGEST_WAIT_MS);
      cancel = after(wait, crashes < MOST_CRASHES ? reload : giveUp);
    },
    forget() {
      cancel?.();
      cancel = null;
    },
  };
}
