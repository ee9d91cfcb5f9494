import { ManualClock } from './transfer/manualClock.ts';

/** A manual clock whose wall can be set, and that can sleep. */
export class JumpingClock extends ManualClock {
  #ahead = 0;

  override now = (): number => this.monotonic() + this.#ahead;

  /** Somebody sets the clock on the wall, or the computer sleeps for so many ms. */
  jump(ms: number): void {
    this.#ahead += ms;
  }
}
