import type { Clock } from '../ports.ts';
import type { LocalDisk } from './local/localDisk.ts';
import { pruneUndo } from './local/undo.ts';

const PRUNE_EVERY_MS = 60 * 60_000;

/** Clears out of undo what has been kept long enough: at the start, for who never runs for an hour, and every hour. */
export class UndoKeeper {
  readonly #clock: Clock;
  readonly #prune: () => Promise<unknown>;
  #cancel: (() => void) | null = null;
  #closed = false;
  #pruning: Promise<void> = Promise.resolve();

  constructor(clock: Clock, prune: () => Promise<unknown>) {
    this.#clock = clock;
    this.#prune = prune;
  }

  static of(disk: LocalDisk): UndoKeeper {
    return new UndoKeeper(disk.clock, () => pruneUndo(disk, disk.clock.now()));
  }

  start(): void {
    this.#pruning = this.#attempt();
  }

  async #attempt(): Promise<void> {
    try {
      await this.#prune();
    } catch {
      // What cannot be removed now is tried again in an hour; nothing depends on it.
    }
    if (!this.#closed) this.#cancel = this.#clock.after(PRUNE_EVERY_MS, () => this.start());
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#cancel?.();
    await this.#pruning;
  }
}
