import { backoffMs } from './backoff.ts';
import type { Clock, Random } from './ports.ts';

/** A server that is away is asked again after at most this long, in ms. */
const LONGEST_WAIT_MS = 60_000;

/**
 * Whether the server can be asked at all. One failure closes the way for every transfer, so that ten thousand files do
 * not each find out by themselves; after a while the gate asks once, and opens when there is an answer.
 */
export class ServerGate {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #probe: () => void;
  #message: string | null = null;
  #attempts = 0;
  #cancel: (() => void) | null = null;

  /** `probe` asks the server something; its answer has to end in `opened` or `failed`. */
  constructor(clock: Clock, random: Random, probe: () => void) {
    this.#clock = clock;
    this.#random = random;
    this.#probe = probe;
  }

  get open(): boolean {
    return this.#message === null;
  }

  /** Why it is closed: one sentence with a next step. */
  get message(): string | null {
    return this.#message;
  }

  failed(message: string, retryAfterMs: number | null): void {
    this.#message = message;
    if (this.#cancel) return;
    const wait = retryAfterMs ?? backoffMs(this.#attempts, this.#random, LONGEST_WAIT_MS);
    this.#attempts += 1;
    this.#cancel = this.#clock.after(wait, () => {
      this.#cancel = null;
      this.#probe();
    });
  }

  opened(): void {
    this.#message = null;
    this.#attempts = 0;
    this.#cancel?.();
    this.#cancel = null;
  }

  /** Asks at once instead of waiting: somebody wants to know. */
  hurry(): void {
    if (!this.#cancel) return;
    this.#cancel();
    this.#cancel = null;
    this.#probe();
  }

  close(): void {
    this.#cancel?.();
    this.#cancel = null;
  }
}
