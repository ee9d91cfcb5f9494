import type { NodeId } from '../../../shared/ids.ts';
import type { Place } from '../model.ts';

const keyOf = (parentId: NodeId | null, name: string): string => `${parentId ?? ''}/${name}`;

/** Tells which places the engine itself wrote at while somebody looked. */
export interface Observation {
  touched(parentId: NodeId | null, name: string): boolean;
  end(): void;
}

/**
 * The engine's own operations under way. A listing taken between an operation on disk and its record would otherwise be
 * taken for a person's change: a download that has just appeared would get a second id.
 */
export class OwnWrites {
  readonly #active = new Map<string, number>();
  readonly #observers = new Set<Set<string>>();

  /** To be called before the first touch of the disk, with every place that changes; the answer after the result is recorded. */
  begin(places: readonly Place[]): () => void {
    const keys = places.map(({ parentId, name }) => keyOf(parentId, name));
    for (const key of keys) {
      this.#active.set(key, (this.#active.get(key) ?? 0) + 1);
      for (const seen of this.#observers) seen.add(key);
    }
    return () => {
      for (const key of keys) {
        const left = (this.#active.get(key) ?? 1) - 1;
        if (left === 0) this.#active.delete(key);
        else this.#active.set(key, left);
      }
    };
  }

  /** To be called before looking at the disk. */
  observe(): Observation {
    const seen = new Set(this.#active.keys());
    this.#observers.add(seen);
    return {
      touched: (parentId, name) => seen.size > 0 && seen.has(keyOf(parentId, name)),
      end: () => {
        this.#observers.delete(seen);
      },
    };
  }
}
