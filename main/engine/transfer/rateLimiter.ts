import type { Clock } from '../ports.ts';

/** Bytes are handed out in pieces of at most this size while a limit is set, so that they flow evenly. */
export const LIMITED_PIECE_BYTES = 64 * 1024;

/**
 * Token bucket that all transfers of one direction share. It fills at the limit and holds a second's worth; a taker may
 * overdraw it and waits for its turn, so takers are served in order and no piece is too large.
 */
export class RateLimiter {
  readonly #clock: Clock;
  #limit: number | null;
  #tokens: number;
  #filledAt: number;

  /** `limit`: bytes a second; null: none, and then taking costs nothing. */
  constructor(limit: number | null, clock: Clock) {
    this.#clock = clock;
    this.#limit = limit;
    this.#tokens = limit ?? 0;
    this.#filledAt = clock.monotonic();
  }

  get limited(): boolean {
    return this.#limit !== null;
  }

  set(limit: number | null): void {
    this.#limit = limit;
    this.#tokens = Math.min(limit ?? 0, Math.max(0, this.#tokens));
    this.#filledAt = this.#clock.monotonic();
  }

  /** Resolves when so many bytes may pass; undefined when they may pass at once. */
  take(bytes: number): Promise<void> | undefined {
    if (this.#limit === null) return undefined;
    const now = this.#clock.monotonic();
    this.#tokens = Math.min(this.#limit, this.#tokens + ((now - this.#filledAt) / 1000) * this.#limit);
    this.#filledAt = now;
    this.#tokens -= bytes;
    if (this.#tokens >= 0) return undefined;
    const waitMs = (-this.#tokens / this.#limit) * 1000;
    return new Promise((resolve) => this.#clock.after(waitMs, resolve));
  }
}
