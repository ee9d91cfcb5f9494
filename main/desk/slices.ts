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

  /** How everything stands. What is different from here on comes as deltas, some of which may say it once more. */
  snapshot(): NumberedSnapshot {
    const snapshot = this.#build();
    // Nobody was told of anything meanwhile, so this is what deltas go on from.
    if (this.#listeners.size === 0) this.#prints = printsOf(snapshot);
    return { n: this.#n, snapshot };
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
    const snapshot = this.#build();
    const prints = printsOf(snapshot);
    const changed = namesIn(snapshot).filter((name) => prints[name] !== this.#prints[name]);
    this.#prints = prints;
    if (changed.length === 0) return;
    const slices: Partial<Snapshot> = Object.fromEntries(changed.map((name) => [name, snapshot[name]]));
    const delta: Delta = { n: ++this.#n, slices };
    for (const listener of this.#listeners) listener(delta);
  }
}

const namesIn = (snapshot: Snapshot): readonly (keyof Snapshot)[] => Object.keys(snapshot) as (keyof Snapshot)[];

const printsOf = (snapshot: Snapshot): Prints =>
  Object.fromEntries(namesIn(snapshot).map((name) => [name, JSON.stringify(snapshot[name])]));
