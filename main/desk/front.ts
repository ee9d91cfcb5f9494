import type { Outcome } from '../../shared/desktop/commands.ts';
import type { Delta, HostSlice, NumberedSnapshot, Snapshot } from '../../shared/desktop/snapshot.ts';
import { answered } from './asking.ts';
import type { Household } from './household.ts';
import { MESSAGES, refused } from './messages.ts';
import { nothingKnown } from './nothingKnown.ts';

/** What a window speaks to. */
export interface Facing {
  snapshot(): NumberedSnapshot;
  /** Returns how to stop. */
  follow(listener: (delta: Delta) => void): () => void;
  /** Both as they arrived: nothing about them is known yet. Never rejects. */
  ask(command: unknown, input: unknown): Promise<Outcome<unknown>>;
}

export interface FrontOptions {
  readonly host: () => HostSlice;
  readonly household: Household;
}

/**
 * The one desk that a window sees, whatever stands behind it: nothing before the first choice, then the desk of one
 * session after the other. A window hears one series of numbers and need not know that anything was replaced.
 */
export class Front implements Facing {
  readonly #options: FrontOptions;
  readonly #listeners = new Set<(delta: Delta) => void>();
  #behind: Facing | null = null;
  #stop: (() => void) | null = null;
  #told = '';
  #n = 0;

  constructor(options: FrontOptions) {
    this.#options = options;
  }

  /** From now on this one answers; null: nobody does. */
  stand(behind: Facing | null): void {
    this.#unfollow();
    this.#behind = behind;
    if (this.#listeners.size === 0) return;
    this.#followBehind();
    this.#tell(this.#now());
  }

  /** What the household says may be different now. */
  due(): void {
    if (this.#listeners.size === 0) return;
    const { setup, account } = this.#now();
    const print = JSON.stringify([setup, account?.signInAgain]);
    if (print !== this.#told) this.#tell({ setup, account });
    this.#told = print;
  }

  snapshot(): NumberedSnapshot {
    return { n: this.#n, snapshot: this.#now() };
  }

  /** What stands behind is followed only while somebody listens: a closed window costs nothing. */
  follow(listener: (delta: Delta) => void): () => void {
    this.#listeners.add(listener);
    if (this.#listeners.size === 1) this.#followBehind();
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) this.#unfollow();
    };
  }

  async ask(command: unknown, input: unknown): Promise<Outcome<unknown>> {
    const own = await answered(this.#options.household.commands, command, input);
    if (own !== null) return own;
    return this.#behind?.ask(command, input) ?? refused('not-running', MESSAGES.notRunning);
  }

  #now(): Snapshot {
    const { host, household } = this.#options;
    const { setup } = household;
    return this.#behind ? this.#over({ ...this.#behind.snapshot().snapshot, setup }) : nothingKnown(host(), setup);
  }

  #followBehind(): void {
    this.#stop =
      this.#behind?.follow(({ slices: { setup: _above, ...slices } }) => {
        if (Object.keys(slices).length > 0) this.#tell(this.#over(slices));
      }) ?? null;
  }

  /** What the household says of the account counts where the session itself says nothing. */
  #over<T extends Partial<Snapshot>>(slices: T): T {
    const { account } = slices;
    const { signInAgain } = this.#options.household;
    if (!account || signInAgain === null || account.signInAgain !== null) return slices;
    return { ...slices, account: { ...account, signInAgain } };
  }

  #unfollow(): void {
    this.#stop?.();
    this.#stop = null;
  }

  #tell(slices: Partial<Snapshot>): void {
    const delta: Delta = { n: ++this.#n, slices };
    for (const listener of this.#listeners) listener(delta);
  }
}
