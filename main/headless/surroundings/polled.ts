import type { Clock } from '../../engine/ports.ts';
import { type Conditions, goodSurroundings, type Surroundings } from '../../engine/surroundings.ts';

/** Soon enough for somebody who has pulled the plug, and next to nothing for the battery. */
const EVERY_MS = 30_000;

/** Surroundings that do not tell of changes: asked about again and again, while anybody wants to know. */
export class PolledSurroundings implements Surroundings {
  readonly #ask: () => Promise<Conditions>;
  readonly #clock: Clock;
  readonly #listeners = new Set<() => void>();
  #now = goodSurroundings.now;
  #cancel: (() => void) | null = null;

  /** `ask` never rejects. */
  constructor(ask: () => Promise<Conditions>, clock: Clock) {
    this.#ask = ask;
    this.#clock = clock;
  }

  get now(): Conditions {
    return this.#now;
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    if (this.#listeners.size === 1) void this.#look();
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) this.#cancel?.();
    };
  }

  async #look(): Promise<void> {
    const before = this.#now;
    const now = await this.#ask();
    if (this.#listeners.size === 0) return;
    this.#now = now;
    this.#cancel?.();
    this.#cancel = this.#clock.after(EVERY_MS, () => void this.#look());
    if (before.onBattery === now.onBattery && before.metered === now.metered) return;
    for (const listener of this.#listeners) listener();
  }
}
