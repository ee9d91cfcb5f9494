import { type Key, printOf } from './operationKey.ts';
import type { Operation } from './plan/operations.ts';
import type { State } from './store/state.ts';

/**
 * Transfers that a person does not want, each as the very work that was cancelled: a file that has changed is another
 * one. It outlives the process, for what was cancelled must not begin again with the next start.
 */
export class Cancelled {
  readonly #all: Map<Key, string>;
  readonly #save: (all: ReadonlyMap<Key, string>) => void;

  constructor(stored: Iterable<readonly [Key, string]> = [], save: (all: ReadonlyMap<Key, string>) => void = () => {}) {
    this.#all = new Map(stored);
    this.#save = save;
  }

  static of({ settings }: State): Cancelled {
    const stored = JSON.parse(settings.get('cancelled') ?? '[]') as [Key, string][];
    return new Cancelled(stored, (all) => settings.set({ cancelled: JSON.stringify([...all]) }));
  }

  add(key: Key, operation: Operation): void {
    this.#all.set(key, printOf(operation));
    this.#save(this.#all);
  }

  /** To be asked of each planned transfer: what has become another one is forgotten. */
  has(key: Key, operation: Operation): boolean {
    const print = this.#all.get(key);
    if (print === undefined || operation.kind === 'hash') return false;
    if (print === printOf(operation)) return true;
    this.forget(key);
    return false;
  }

  forget(key: Key): void {
    if (this.#all.delete(key)) this.#save(this.#all);
  }
}
