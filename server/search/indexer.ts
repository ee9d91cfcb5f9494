import type { Logger } from 'pino';
import type { Databases } from '../db/connect.ts';
import { indexSome } from './indexing.ts';

/** Nodes in one transaction: some 10 ms, so that nobody waits for long. */
const AT_A_TIME = 128;
/** The index waits for this much quiet, in ms, because files come in crowds … */
const QUIET_MS = 300;
/** … but not for longer than this. */
const PATIENCE_MS = 5_000;

/** Brings changed nodes into the search index, behind the answers. */
export interface SearchIndexer {
  /** Something has changed. */
  nudge(): void;
  /** Ends when the step at hand has; what still waits is indexed after the next start. */
  stop(): Promise<void>;
}

/**
 * A step that fails is said in the log and tried again after the next change. On a disk that is all but full the index
 * waits: what room is left is for deletes. `room`: bytes that may be taken; none when that is zero or less.
 */
export function searchIndexer(db: Databases, log: Logger, room: () => Promise<number>): SearchIndexer {
  let timer: NodeJS.Timeout | undefined;
  let since = 0;
  let stopped = false;
  let running: Promise<void> = Promise.resolve();

  const work = async (): Promise<void> => {
    for (let done = AT_A_TIME; done > 0 && !stopped; ) {
      if ((await room()) <= 0) return;
      done = await db.progress((trx) => indexSome(trx, AT_A_TIME));
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  const begin = (): void => {
    timer = undefined;
    running = running
      .then(work)
      .catch((error: unknown) => log.error({ err: error }, 'the search index could not be brought up to date'));
  };
  const nudge = (): void => {
    if (stopped) return;
    if (timer === undefined) since = Date.now();
    clearTimeout(timer);
    timer = setTimeout(begin, Math.max(0, Math.min(QUIET_MS, since + PATIENCE_MS - Date.now()))).unref();
  };
  nudge();
  return {
    nudge,
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}
