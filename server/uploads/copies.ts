import type { StagedObject, StagedPart } from '../content/store.ts';
import type { PlannedPart } from './planned.ts';

/** Copies reused runs into a staged object, one after the other, while the client sends the rest. */
export interface CopyLine {
  add(parts: readonly PlannedPart[]): void;
  /** Nothing is copied before this: an identical file turns out not to need it. */
  start(): void;
  /** Starts, and resolves when everything added has been copied. Rejects with what went wrong; asking again retries. */
  finish(): Promise<void>;
  /** Stops early and for good. */
  stop(): Promise<void>;
}

/** `placed` tells where a part's sources lie; `wrote` hears of every copy. */
export function copyLine(
  staged: StagedObject,
  placed: (part: PlannedPart) => Promise<StagedPart>,
  wrote: (bytes: number) => void,
): CopyLine {
  const waiting: PlannedPart[] = [];
  const abort = new AbortController();
  let started = false;
  let running: Promise<void> | undefined;

  const run = async (): Promise<void> => {
    for (let next = waiting[0]; next && !abort.signal.aborted; next = waiting[0]) {
      const filled = await staged.fill(await placed(next), next.send.length === 0, abort.signal);
      waiting.shift();
      if (filled) wrote(next.copies.reduce((sum, { length }) => sum + length, 0));
    }
  };
  const ensureRunning = (): Promise<void> => {
    running ??= run().finally(() => {
      running = undefined;
    });
    return running;
  };
  /** Whoever finishes meets the failure again. */
  const inBackground = (): void => {
    ensureRunning().catch(() => undefined);
  };

  return {
    add(parts) {
      waiting.push(...parts.filter(({ copies }) => copies.length > 0));
      if (started && waiting.length > 0) inBackground();
    },
    start() {
      started = true;
      if (waiting.length > 0) inBackground();
    },
    async finish() {
      started = true;
      while (waiting.length > 0 && !abort.signal.aborted) await ensureRunning();
      abort.signal.throwIfAborted();
    },
    async stop() {
      abort.abort();
      await running?.catch(() => undefined);
    },
  };
}
