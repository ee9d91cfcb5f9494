import type { Snapshot } from '../../../shared/desktop/snapshot.ts';
import { NOTHING_SAID, type Notice, newsIn, type Said } from './notices.ts';

export interface NotifierParts {
  show(notice: Notice): void;
  /** Runs once, after so many ms; returns how to cancel. */
  after(ms: number, run: () => void): () => void;
  /** The person is looking at the window: it says the same, and better. */
  windowInFront(): boolean;
}

/** Causes come in bursts: what there is to say is gathered for so long, in ms, and then said as one. */
export const GATHER_MS = 10_000;

export interface Notifier {
  hear(snapshot: Snapshot): void;
  stop(): void;
}

/** Tells a person what needs them: each cause once, and together. No timer runs while there is nothing to say. */
export function notifier({ show, after, windowInFront }: NotifierParts): Notifier {
  let said: Said = NOTHING_SAID;
  let newest: Snapshot | null = null;
  let cancel: (() => void) | null = null;

  const tell = (): void => {
    cancel = null;
    if (newest === null) return;
    const news = newsIn(newest, said);
    said = news.said;
    if (!windowInFront()) news.notices.forEach(show);
  };
  return {
    hear(snapshot) {
      newest = snapshot;
      if (cancel !== null) return;
      const news = newsIn(snapshot, said);
      if (news.notices.length > 0) cancel = after(GATHER_MS, tell);
      else said = news.said;
    },
    stop() {
      cancel?.();
      cancel = null;
    },
  };
}
