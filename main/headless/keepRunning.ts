/** A process that ought to stay: the server, or in the app the engine. */
export interface Kept {
  /** Why it ended, as a clause such as `exit code 1`. */
  readonly ended: Promise<string>;
  /** Asks it to end by itself. */
  stop(): void;
}

export interface KeepRunning {
  /** What it is called when something has to be said about it, such as `The server`. */
  readonly name: string;
  launch(): Kept;
  note(sentence: string): void;
  readonly firstWaitMs?: number;
  /** Left out: it is tried for ever. */
  readonly patience?: Patience;
}

/** When trying again by itself makes no sense any more. */
export interface Patience {
  /** Ends in a row, none of them after a good while. */
  readonly ends: number;
  /** `again`: begins anew; to be called when a person wants it. */
  gaveUp(why: string, again: () => void): void;
}

const LONGEST_WAIT_MS = 30_000;
/** After so long a run the next end is a new trouble, not the same one again. */
const WELL_MS = 60_000;

/** Launches it, and again whenever it ends, waiting longer each time. Returns how to end it for good. */
export function keepRunning(kept: KeepRunning): () => Promise<void> {
  const firstWait = kept.firstWaitMs ?? 1000;
  const stopping = Promise.withResolvers<'stopping'>();
  let current: Kept | null = null;

  const loop = async (): Promise<void> => {
    let wait = firstWait;
    let ends = 0;
    for (;;) {
      const begun = performance.now();
      current = kept.launch();
      const why = await Promise.race([current.ended, stopping.promise]);
      if (why === 'stopping') {
        current.stop();
        await current.ended;
        return;
      }
      if (performance.now() - begun > WELL_MS) {
        wait = firstWait;
        ends = 0;
      }
      ends += 1;
      if (kept.patience !== undefined && ends >= kept.patience.ends) {
        const again = Promise.withResolvers<'again'>();
        kept.patience.gaveUp(why, () => again.resolve('again'));
        if ((await Promise.race([again.promise, stopping.promise])) === 'stopping') return;
        wait = firstWait;
        ends = 0;
        continue;
      }
      kept.note(`${kept.name} stopped (${why}): starting it again in ${Math.ceil(wait / 1000)} s.`);
      if ((await Promise.race([delay(wait), stopping.promise])) === 'stopping') return;
      wait = Math.min(wait * 2, LONGEST_WAIT_MS);
    }
  };
  const ended = loop();
  return () => {
    stopping.resolve('stopping');
    return ended;
  };
}

const delay = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));
