import type { EngineStatus } from './api.ts';
import type { Clock } from './ports.ts';

/** Status is told at most so often, in ms. */
const REPORT_MS = 100;

/** Tells listeners how things stand after changes, but not after each of many. */
export class Reports {
  readonly #clock: Clock;
  readonly #status: () => EngineStatus;
  readonly #listeners = new Set<(status: EngineStatus) => void>();
  #cancel: (() => void) | null = null;

  constructor(clock: Clock, status: () => EngineStatus) {
    this.#clock = clock;
    this.#status = status;
  }

  listen(listener: (status: EngineStatus) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Something may have changed. */
  due(): void {
    if (this.#cancel || this.#listeners.size === 0) return;
    this.#cancel = this.#clock.after(REPORT_MS, () => {
      this.#cancel = null;
      const status = this.#status();
      for (const listener of this.#listeners) listener(status);
    });
  }

  stop(): void {
    this.#cancel?.();
  }
}
