import type { Delta, NumberedSnapshot, Snapshot } from '../../shared/desktop/snapshot.ts';

/** Deltas go out at most so often, in ms. */
const REST_MS = 100;

type Prints = Partial<Record<keyof Snapshot, string>>;

/** Tells followers what is different, slice by slice, and never more than ten times a second. */
export class Slices {
  readonly #build: () => Snapshot;
  readonly #listeners = new Set<(delta: Delta) => void>();
  #prints: Prints = {};
  #n = 0;
  #toldAt = -Infinity;
  #timer: NodeJS.Timeout | null = null;

  constructor(build: () => Snapshot) {
    this.#build = build;
  }

  /** How everything stands. Who asks is told everything that is different from here on. */
  snapshot(): NumberedSnapshot {
    this.#tell();
    return { n: this.#n, snapshot: this.#build() };
  }

  follow(listener: (delta: Delta) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Something may be different. */
  due(): void {
    if (this.#timer || this.#listeners.size === 0) return;
    const wait = Math.max(0, this.#toldAt + REST_MS - performance.now());
    this.#timer = setTimeout(() => {
      this.#timer = null;
      try {
        this.#tell();
      } catch {
        // Nothing that only shows how sync goes may end it: it is told with the next change.
      }
    }, wait);
  }

  close(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#listeners.clear();
  }

  #tell(): void {
    this.#toldAt = performance.now();
    const entries = Object.entries(this.#build()) as [keyof Snapshot, Snapshot[keyof Snapshot]][];
    const prints: Prints = {};
    const changed: [keyof Snapshot, unknown][] = [];
    for (const [name, slice] of entries) {
      const print = JSON.stringify(slice);
      prints[name] = print;
      if (print !== this.#prints[name]) changed.push([name, slice]);
    }
    this.#prints = prints;
    if (changed.length === 0) return;
    const delta: Delta = { n: ++this.#n, slices: Object.fromEntries(changed) as Partial<Snapshot> };
    for (const listener of this.#listeners) listener(delta);
  }
}
