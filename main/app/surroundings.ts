import type { Conditions, Surroundings } from '../engine/surroundings.ts';

/** Surroundings as somebody else tells them. */
export class ToldSurroundings implements Surroundings {
  readonly #listeners = new Set<() => void>();
  #now: Conditions = { onBattery: false, metered: false };

  get now(): Conditions {
    return this.#now;
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  tell(change: Partial<Conditions>): void {
    const before = this.#now;
    this.#now = { ...before, ...change };
    if (before.onBattery === this.#now.onBattery && before.metered === this.#now.metered) return;
    for (const listener of this.#listeners) listener();
  }
}

/** What two sources tell together, each of what it knows: bad as soon as one of them says so. */
export const bothOf = (one: Surroundings, other: Surroundings): Surroundings => ({
  get now() {
    return {
      onBattery: one.now.onBattery || other.now.onBattery,
      metered: one.now.metered || other.now.metered,
    };
  },
  onChange(listener) {
    const stops = [one.onChange(listener), other.onChange(listener)];
    return () => {
      for (const stop of stops) stop();
    };
  },
});
