import type { Surroundings } from './surroundings.ts';

/** In which surroundings a person wants everything to wait. */
export interface PauseChoices {
  readonly onBattery: boolean;
  readonly onMetered: boolean;
}

const ON_BATTERY = 'Paused on battery: plug the computer in, or resume to go on all the same.';
const ON_METERED = 'Paused on a metered connection: use another one, or resume to go on all the same.';

/** Holds the surroundings against what a person has chosen. Without a choice every time is good. */
export class GoodTime {
  readonly #surroundings: Surroundings;
  readonly #onChange: () => void;
  #choices: PauseChoices = { onBattery: false, onMetered: false };
  #overruled = false;
  #unlisten: (() => void) | null = null;

  /** `onChange`: whether it is a good time may have changed. */
  constructor(surroundings: Surroundings, onChange: () => void) {
    this.#surroundings = surroundings;
    this.#onChange = onChange;
  }

  /** Why everything waits, as one sentence with a next step; null: it is a good time. */
  get objection(): string | null {
    return this.#overruled ? null : this.#found();
  }

  choose(choices: PauseChoices): void {
    this.#choices = choices;
    this.#overruled = false;
    const wanted = choices.onBattery || choices.onMetered;
    if (wanted) this.#unlisten ??= this.#surroundings.onChange(() => this.#look());
    else this.close();
    this.#onChange();
  }

  /** A person wants to go on all the same, until it has been a good time once. */
  overrule(): void {
    this.#overruled = this.#found() !== null;
  }

  close(): void {
    this.#unlisten?.();
    this.#unlisten = null;
  }

  #look(): void {
    if (this.#found() === null) this.#overruled = false;
    this.#onChange();
  }

  #found(): string | null {
    const { onBattery, metered } = this.#surroundings.now;
    if (this.#choices.onBattery && onBattery) return ON_BATTERY;
    return this.#choices.onMetered && metered ? ON_METERED : null;
  }
}
