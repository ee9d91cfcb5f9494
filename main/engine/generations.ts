import type { EngineStatus } from './api.ts';

/**
 * Numbers the moments at which somebody asked for a look at both sides, and says when everything that existed then is
 * agreed. A bare "idle" cannot: it is also true before a change has been noticed.
 */
export class Generations {
  readonly #waiting = new Set<{ readonly generation: number; readonly resolve: (status: EngineStatus) => void }>();
  #asked = 0;
  #observed = 0;
  #synced = 0;

  get asked(): number {
    return this.#asked;
  }

  get synced(): number {
    return this.#synced;
  }

  /** Somebody waits. */
  get open(): boolean {
    return this.#asked > this.#synced;
  }

  /** Both sides have been looked at since the last one was asked for. */
  get allObserved(): boolean {
    return this.#observed === this.#asked;
  }

  next(): number {
    this.#asked += 1;
    return this.#asked;
  }

  /** A look at both sides that began after this generation was asked for is done. */
  observed(generation: number): void {
    this.#observed = Math.max(this.#observed, generation);
  }

  /** Nothing is known to be different: what was observed by now is agreed. */
  settle(): void {
    this.#synced = this.#observed;
  }

  wait(generation: number): Promise<EngineStatus> {
    return new Promise((resolve) => this.#waiting.add({ generation, resolve }));
  }

  /** Answers those whose generation is synced, or all when no more can be done without a person. */
  answer(status: () => EngineStatus, all: boolean): void {
    for (const waiter of this.#waiting) {
      if (!all && this.#synced < waiter.generation) continue;
      // This may throw: whoever waits must still be waiting then, to be told of that.
      const answer = status();
      this.#waiting.delete(waiter);
      waiter.resolve(answer);
    }
  }
}
