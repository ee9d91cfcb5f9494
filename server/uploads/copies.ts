import type { ObjectKey, StagedObject } from '../content/store.ts';
import type { CopyRun } from './plan.ts';

/** Copies reused runs into a staged object, one after the other, while the client sends the rest. */
export interface CopyLine {
  add(runs: readonly CopyRun[]): void;
  /** Nothing is copied before this: an identical file turns out not to need it. */
  start(): void;
  /** Starts, and resolves when everything added has been copied. Rejects with what went wrong; asking again retries. */
  finish(): Promise<void>;
  /** Stops early and for good. */
  stop(): Promise<void>;
}

/** `keyOf` tells where an object lies; `wrote` hears of every copy. */
export function copyLine(
  staged: StagedObject,
  keyOf: (objectId: string) => Promise<ObjectKey>,
  wrote: (bytes: number) => void,
): CopyLine {
  const waiting: CopyRun[] = [];
  const abort = new AbortController();
  let started = false;
  let running: Promise<void> | undefined;

  const run = async (): Promise<void> => {
    for (let next = waiting[0]; next && !abort.signal.aborted; next = waiting[0]) {
      await staged.copy(await keyOf(next.objectId), next.from, next.length, next.position, abort.signal);
      waiting.shift();
      wrote(next.length);
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
    add(runs) {
      waiting.push(...runs);
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
