import type { Chance } from './chance.ts';
import type { Owner, Scheduler } from './scheduler.ts';

/** What an answer waits for that never comes, because whoever asked has died. */
export const NEVER = new Promise<never>(() => undefined);

/** How one process reaches its disk: each access may take its time, and before and after it other things happen. */
export class Io {
  readonly #scheduler: Scheduler;
  readonly #chance: Chance;
  readonly #owner: Owner;
  readonly #grain: number;

  /** `grain`: the share of accesses that give way to others. */
  constructor(scheduler: Scheduler, chance: Chance, owner: Owner, grain: number) {
    this.#scheduler = scheduler;
    this.#chance = chance;
    this.#owner = owner;
    this.#grain = grain;
  }

  async do<T>(access: () => T): Promise<T> {
    if (!this.#owner.alive) return NEVER;
    if (this.#chance.happens(this.#grain)) await this.turn();
    const result = access();
    // Done on the disk, but the process does not know yet: here it may be killed.
    if (this.#chance.happens(this.#grain / 4)) await this.turn();
    return result;
  }

  /** Lets others go first. */
  turn(): Promise<void> {
    return new Promise((resolve) => this.#scheduler.task(this.#owner, resolve));
  }
}
