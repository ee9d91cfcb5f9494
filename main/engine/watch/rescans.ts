import type { Clock } from '../ports.ts';

const EVERY_MS = 60_000;
/** Looking takes at most this share of the time, however large the folder is. */
const SHARE = 1 / 20;
/** More folders than this are looked at with everything else. */
const MOST_FOLDERS = 1_000;

/** Looks again and again at folders of whose changes nobody tells. */
export class Rescans {
  readonly #clock: Clock;
  readonly #look: (folders: readonly string[] | 'all') => Promise<unknown>;
  readonly #folders = new Set<string>();
  #all = false;
  #closed = false;
  #cancel: (() => void) | null = null;
  #busy = false;

  constructor(clock: Clock, look: (folders: readonly string[] | 'all') => Promise<unknown>) {
    this.#clock = clock;
    this.#look = look;
  }

  /** From now on this folder, relative to the root; null: everything. */
  add(folder: string | null): void {
    if (folder === null || this.#folders.size >= MOST_FOLDERS) this.#all = true;
    else this.#folders.add(folder);
    if (this.#cancel === null && !this.#busy) this.#wait(EVERY_MS);
  }

  close(): void {
    this.#closed = true;
    this.#cancel?.();
  }

  #wait(ms: number): void {
    if (this.#closed) return;
    this.#cancel = this.#clock.after(ms, () => {
      this.#cancel = null;
      void this.#attempt();
    });
  }

  async #attempt(): Promise<void> {
    const begun = this.#clock.monotonic();
    this.#busy = true;
    try {
      await this.#look(this.#all ? 'all' : [...this.#folders]);
    } catch {
      // Whoever looks says what is wrong; the next look is not given up for it.
    }
    this.#busy = false;
    this.#wait(Math.max(EVERY_MS, (this.#clock.monotonic() - begun) / SHARE));
  }
}
