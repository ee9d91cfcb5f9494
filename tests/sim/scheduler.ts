import type { Clock } from '../../main/engine/ports.ts';
import type { Chance } from './chance.ts';

/** Whoever waits for something: when it has died, nothing reaches it any more. */
export interface Owner {
  alive: boolean;
}

interface Task {
  readonly owner: Owner;
  readonly run: () => void;
}

interface Timer {
  readonly at: number;
  readonly order: number;
  readonly owner: Owner;
  readonly callback: () => void;
  cancelled: boolean;
}

/** A step takes up to so many ms of the simulated time. */
const STEP_MS = 2;
/** How often a timer fires although something else could still happen before it. */
const EARLY_TIMER = 0.01;

/**
 * Decides what happens next, and what time it is. Everything that an engine waits for is a task here; which of them is
 * next is chance's choice, and so is every interleaving that a real machine could produce.
 */
export class Scheduler {
  readonly #chance: Chance;
  readonly #tasks: Task[] = [];
  #timers: Timer[] = [];
  #order = 0;
  #monotonic = 0;
  /** Unix ms when the simulation begins. */
  readonly #epoch = Date.UTC(2026, 0, 1);
  steps = 0;

  constructor(chance: Chance) {
    this.#chance = chance;
  }

  get monotonic(): number {
    return this.#monotonic;
  }

  get now(): number {
    return Math.floor(this.#epoch + this.#monotonic);
  }

  get nowNs(): bigint {
    return BigInt(this.#epoch) * 1_000_000n + BigInt(Math.floor(this.#monotonic * 1e6));
  }

  /** To be done at some later step. */
  task(owner: Owner, run: () => void): void {
    this.#tasks.push({ owner, run });
  }

  after(owner: Owner, ms: number, callback: () => void): () => void {
    const timer = { at: this.#monotonic + Math.max(0, ms), order: this.#order++, owner, callback, cancelled: false };
    this.#timers.push(timer);
    return () => {
      timer.cancelled = true;
    };
  }

  clockOf(owner: Owner): Clock {
    return {
      now: () => this.now,
      monotonic: () => this.#monotonic,
      after: (ms, callback) => this.after(owner, ms, callback),
      soon: (callback) => this.task(owner, callback),
    };
  }

  /** Lets one thing happen. False: nothing is left that could happen within so many ms. */
  step(withinMs: number): boolean {
    this.steps += 1;
    if (this.#tasks.length === 0) return this.#fire(withinMs);
    if (this.#timers.length > 0 && this.#chance.happens(EARLY_TIMER) && this.#fire(withinMs)) return true;
    this.#monotonic += this.#chance.fraction() * STEP_MS;
    const index = this.#chance.below(this.#tasks.length);
    const task = this.#tasks[index];
    if (task === undefined) return false;
    const last = this.#tasks.pop();
    if (last && last !== task) this.#tasks[index] = last;
    if (task.owner.alive) task.run();
    return true;
  }

  /** The next timer; several of the same moment are several steps. */
  #fire(withinMs: number): boolean {
    let next: Timer | undefined;
    this.#timers = this.#timers.filter((timer) => !timer.cancelled && timer.owner.alive);
    for (const timer of this.#timers) {
      if (!next || timer.at < next.at || (timer.at === next.at && timer.order < next.order)) next = timer;
    }
    if (!next || next.at > this.#monotonic + withinMs) return false;
    next.cancelled = true;
    this.#monotonic = Math.max(this.#monotonic, next.at);
    next.callback();
    return true;
  }
}

/** Resolves when everything that can go on by itself has done so. */
export const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
