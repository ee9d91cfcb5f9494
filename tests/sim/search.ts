import { type SettingOptions, settingOf } from './history.ts';
import { explore, type Outcome } from './play.ts';

export interface Search extends SettingOptions {
  readonly firstSeed: number;
  /** From one seed to the next. */
  readonly stride: number;
  readonly until: (found: Found) => boolean;
  readonly onFailure?: (outcome: Outcome) => Promise<void>;
}

export interface Found {
  readonly histories: number;
  readonly steps: number;
  readonly failures: readonly Outcome[];
}

/** In one of so many histories the server is set back to backups of it now and then. */
const RESTORES_EVERY = 4;

/** Plays one history after the other. */
export async function search({ firstSeed, stride, until, onFailure, devices, restores }: Search): Promise<Found> {
  let found: Found = { histories: 0, steps: 0, failures: [] };
  for (let seed = firstSeed; !until(found); seed += stride) {
    const outcome = await explore(settingOf(seed, { devices, restores: restores ?? seed % RESTORES_EVERY === 0 }));
    const failures = outcome.failure ? [...found.failures, outcome] : found.failures;
    found = { histories: found.histories + 1, steps: found.steps + outcome.steps, failures };
    if (outcome.failure) await onFailure?.(outcome);
  }
  return found;
}
