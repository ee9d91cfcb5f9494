import type { SyncProblem } from './model.ts';
import { type Key, printOf } from './operationKey.ts';
import type { Operation } from './plan/operations.ts';

/** Why an operation is put off, and until when (monotonic ms; Infinity: until something about its node changes). */
export interface Deferral {
  readonly until: number;
  /** Failures in a row, for the back-off. */
  readonly attempts: number;
  /** null: nothing a person need know, the next look settles it. */
  readonly problem: Omit<SyncProblem, 'path'> | null;
}

/** What is put off, each for the very operation that was tried. */
export class Deferrals {
  readonly #all = new Map<Key, Deferral & { readonly print: string }>();
  #problems = 0;

  /** How many of them a person should know of. */
  get problems(): number {
    return this.#problems;
  }

  get(key: Key): Deferral | undefined {
    return this.#all.get(key);
  }

  entries(): Iterable<readonly [Key, Deferral]> {
    return this.#all;
  }

  isProblem(key: Key): boolean {
    const deferral = this.#all.get(key);
    return deferral !== undefined && deferral.problem !== null;
  }

  set(key: Key, operation: Operation, deferral: Deferral): void {
    this.delete(key);
    this.#all.set(key, { ...deferral, print: printOf(operation) });
    if (deferral.problem) this.#problems += 1;
  }

  /** Another operation has taken its place: nothing is known to be in the way of that one. */
  keepFor(key: Key, operation: Operation): void {
    const deferral = this.#all.get(key);
    if (deferral && deferral.print !== printOf(operation)) this.delete(key);
  }

  delete(key: Key): void {
    if (this.isProblem(key)) this.#problems -= 1;
    this.#all.delete(key);
  }
}
