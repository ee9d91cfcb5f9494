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
  #revision = 0;
  readonly #codes = new Map<string, number>();

  /** How many of them a person should know of. */
  get problems(): number {
    return this.#problems;
  }

  /** Another one whenever the problems among them may be different. */
  get revision(): number {
    return this.#revision;
  }

  /** How many problems of one code. */
  count(code: string): number {
    return this.#codes.get(code) ?? 0;
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
    if (deferral.problem) this.#counted(deferral.problem.code, 1);
  }

  /** Another operation has taken its place: nothing is known to be in the way of that one. */
  keepFor(key: Key, operation: Operation): void {
    const deferral = this.#all.get(key);
    if (deferral && deferral.print !== printOf(operation)) this.delete(key);
  }

  delete(key: Key): void {
    const problem = this.#all.get(key)?.problem;
    if (problem) this.#counted(problem.code, -1);
    this.#all.delete(key);
  }

  #counted(code: string, by: 1 | -1): void {
    this.#problems += by;
    this.#revision += 1;
    this.#codes.set(code, this.count(code) + by);
  }
}
