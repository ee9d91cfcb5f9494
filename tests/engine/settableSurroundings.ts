import { type Conditions, goodSurroundings, type Surroundings } from '../../main/engine/surroundings.ts';

/** A computer whose plug and connection a test holds in its hands. */
export class SettableSurroundings implements Surroundings {
  readonly #listeners = new Set<() => void>();
  now = goodSurroundings.now;

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  get listeners(): number {
    return this.#listeners.size;
  }

  become(conditions: Conditions): void {
    this.now = conditions;
    for (const listener of this.#listeners) listener();
  }
}
