import type { Clock } from './ports.ts';

/** Whether a person has paused, for a time or until they say otherwise. */
export class Pause {
  readonly #clock: Clock;
  readonly #onEnd: () => void;
  /** By the clock on the wall, which is what a person meant. */
  #until: number | null = null;
  #cancel: (() => void) | null = null;
  #active = false;

  /** `onEnd`: the time is over. */
  constructor(clock: Clock, onEnd: () => void) {
    this.#clock = clock;
    this.#onEnd = onEnd;
  }

  get active(): boolean {
    return this.#active;
  }

  /** In place of an earlier pause; null: until `end`. */
  begin(forMs: number | null): void {
    this.end();
    this.#active = true;
    if (forMs === null) return;
    this.#until = this.#clock.now() + forMs;
    this.#wait(forMs);
  }

  end(): void {
    this.#cancel?.();
    this.#cancel = null;
    this.#until = null;
    this.#active = false;
  }

  /** The computer has slept, which timers do not count, or its clock was set. */
  woken(): void {
    if (this.#until === null) return;
    this.#cancel?.();
    this.#wait(Math.max(0, this.#until - this.#clock.now()));
  }

  #wait(ms: number): void {
    this.#cancel = this.#clock.after(ms, () => {
      this.end();
      this.#onEnd();
    });
  }
}
