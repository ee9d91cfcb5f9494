/** Of one thread's time, looking at lists may take about this share while everything changes all the time. */
const SHARE = 1 / 20;

/**
 * Tells of changes as often as who hears of them can look anew without much else coming to a halt: lists of a hundred
 * thousand take a while to open, and a window opens its list again with every change.
 */
export class Pace {
  readonly #tell: () => void;
  readonly #shortestMs: number;
  #cost = 0;
  #toldAt = -Infinity;
  #timer: NodeJS.Timeout | null = null;

  constructor(shortestMs: number, tell: () => void) {
    this.#shortestMs = shortestMs;
    this.#tell = tell;
  }

  /** Does what a look costs, and remembers how long it took. */
  measure<T>(look: () => T): T {
    const begun = performance.now();
    try {
      return look();
    } finally {
      this.#cost = performance.now() - begun;
    }
  }

  changed(): void {
    if (this.#timer) return;
    const rest = Math.max(this.#shortestMs, this.#cost / SHARE);
    const wait = this.#toldAt + rest - performance.now();
    if (wait <= 0) this.now();
    else this.#timer = setTimeout(() => this.now(), wait);
  }

  /** A person did it, and looks on. */
  now(): void {
    this.stop();
    this.#toldAt = performance.now();
    this.#tell();
  }

  stop(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
  }
}
