import type { Clock } from '../../server/clock.ts';

/** A clock that runs with the real one, and that a test moves on. */
export class TestClock implements Clock {
  readonly #tasks = new Set<() => Promise<void>>();
  #ahead = 0;

  now(): number {
    return Date.now() + this.#ahead;
  }

  every(_ms: number, task: () => Promise<void>): () => void {
    this.#tasks.add(task);
    return () => this.#tasks.delete(task);
  }

  /** Lets so much time pass, and then what is done every hour be done once. */
  async pass(ms: number): Promise<void> {
    this.#ahead += ms;
    for (const task of this.#tasks) await task();
  }
}
