/** Nothing was stored for so long, in ms: a good time to look into files. */
const QUIET_MS = 1_000;
/** Under a load that does not end, a little is done every so many ms nevertheless. */
const PATIENCE_MS = 15_000;

/** When to look into files: while nobody is storing any, so that it never competes with uploads; at once, if asked. */
export class Calm {
  #disturbedAt = performance.now();
  #news = true;
  #hurried = false;
  #stopped = false;
  #wake: () => void = () => undefined;

  /** Something was stored. */
  disturb(): void {
    this.#disturbedAt = performance.now();
    this.#news = true;
    this.#wake();
  }

  /** Somebody waits. */
  hurry(): void {
    this.#news = true;
    this.#hurried = true;
    this.#wake();
  }

  stop(): void {
    this.#stopped = true;
    this.#wake();
  }

  /** Resolves when it is quiet, or patience is at its end, or somebody waits. */
  async come(): Promise<void> {
    this.#news = false;
    const since = performance.now();
    for (;;) {
      const now = performance.now();
      const quiet = this.#disturbedAt + QUIET_MS - now;
      const patience = since + PATIENCE_MS - now;
      if (this.#stopped || this.#hurried || quiet <= 0 || patience <= 0) break;
      await this.#sleep(Math.min(quiet, patience));
    }
    this.#hurried = false;
  }

  /** Resolves to whether anything was stored or asked for, within this time if one is given. */
  async anything(withinMs = Number.POSITIVE_INFINITY): Promise<boolean> {
    const end = performance.now() + withinMs;
    while (!this.#news && !this.#stopped && performance.now() < end) await this.#sleep(end - performance.now());
    return this.#news || this.#stopped;
  }

  async pause(ms: number): Promise<void> {
    const end = performance.now() + ms;
    while (!this.#stopped && performance.now() < end) await this.#sleep(end - performance.now());
  }

  #sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = Number.isFinite(ms) ? setTimeout(resolve, ms).unref() : undefined;
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
