import type { Clock } from '../ports.ts';

/** Quiet time after which a burst counts as over, and the longest a hint waits however long the burst goes on. */
const QUIET_MS = 300;
const LONGEST_MS = 5_000;
/** More than this is told as `all`: one look at everything costs less than that many looks. */
const MOST_FOLDERS = 2_000;
/** Linux drops events silently when more than 16,384 wait to be read; half of that in one burst is too close to it. */
const MOST_EVENTS = 8_192;

/** Collects hints about folders and tells them together when it has been quiet for a while. */
export class Burst {
  readonly #clock: Clock;
  readonly #tell: (folders: readonly string[] | 'all') => void;
  readonly #folders = new Set<string>();
  #events = 0;
  #all = false;
  #firstAt = 0;
  #lastAt = 0;
  #cancel: (() => void) | null = null;

  constructor(clock: Clock, tell: (folders: readonly string[] | 'all') => void) {
    this.#clock = clock;
    this.#tell = tell;
  }

  add(folder: string): void {
    this.#events += 1;
    if (this.#folders.size <= MOST_FOLDERS) this.#folders.add(folder);
    this.#wait();
  }

  addAll(): void {
    this.#all = true;
    this.#wait();
  }

  end(): void {
    this.#cancel?.();
    this.#cancel = null;
    this.#clear();
  }

  /** One timer a burst, not one an event. */
  #wait(): void {
    this.#lastAt = this.#clock.monotonic();
    if (this.#cancel !== null) return;
    this.#firstAt = this.#lastAt;
    this.#cancel = this.#clock.after(QUIET_MS, this.#look);
  }

  readonly #look = (): void => {
    const now = this.#clock.monotonic();
    const due = Math.min(this.#lastAt + QUIET_MS, this.#firstAt + LONGEST_MS);
    if (now < due) {
      this.#cancel = this.#clock.after(due - now, this.#look);
      return;
    }
    this.#cancel = null;
    const tooMany = this.#all || this.#events > MOST_EVENTS || this.#folders.size > MOST_FOLDERS;
    const folders = tooMany ? 'all' : [...this.#folders];
    this.#clear();
    this.#tell(folders);
  };

  #clear(): void {
    this.#folders.clear();
    this.#events = 0;
    this.#all = false;
  }
}
