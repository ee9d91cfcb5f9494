/** A connection over which a body should be moving, and nothing has moved for so many ms, is dead. */
export const SILENCE_MS = 60_000;

/** Calls back once when nothing was heard for so many ms. */
export class SilenceTimer {
  readonly #timer: NodeJS.Timeout;
  #waiting = true;

  constructor(ms: number, onSilence: () => void) {
    const check = (): void => {
      if (this.#waiting) onSilence();
      else this.#timer.refresh();
    };
    this.#timer = setTimeout(check, ms);
    this.#timer.unref();
  }

  /** Something was heard. */
  heard(): void {
    this.#timer.refresh();
  }

  /** While this side is busy, the other's silence means nothing. */
  pause(): void {
    this.#waiting = false;
  }

  resume(): void {
    this.#waiting = true;
    this.#timer.refresh();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}
