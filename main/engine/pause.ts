import type { Clock } from './ports.ts';

/** A person's wish that nothing be transferred, for a while or until they say so. */
export class Pause {
  readonly #clock: Clock;
  #on = false;
  #cancel: (() => void) | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get on(): boolean {
    return this.#on;
  }

  /** null: until `end`. `then` is called when so many ms have passed. */
  begin(forMs: number | null, then: () => void): void {
    this.end();
    this.#on = true;
    if (forMs !== null) this.#cancel = this.#clock.after(forMs, then);
  }

  end(): void {
    this.#on = false;
    this.#cancel?.();
    this.#cancel = null;
  }
}
