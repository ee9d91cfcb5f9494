import type { Action } from './actions.ts';
import { Chance } from './chance.ts';
import type { Names } from './disk.ts';
import { type NetworkFaults, NO_FAULTS } from './network.ts';

/** Everything that decides how a simulation goes: the same history always goes the same way. */
export interface History {
  readonly seed: number;
  readonly devices: readonly { readonly name: string; readonly names: Names }[];
  /** The share of disk accesses between which other things may happen. */
  readonly grain: number;
  /** How often a hint of the watcher is lost. */
  readonly deaf: number;
  readonly faults: NetworkFaults;
  readonly actions: readonly Action[];
}

/** How a history begins; what happens in it is chosen while it goes. */
export interface Setting {
  readonly history: Omit<History, 'actions'>;
  readonly actions: number;
  /** How likely each kind of trouble is among the actions. */
  readonly trouble: {
    readonly kills: boolean;
    readonly powerCuts: boolean;
    readonly server: boolean;
    readonly disk: boolean;
    /** The server is set back to a backup of it. */
    readonly restores: boolean;
  };
}

export interface SettingOptions {
  readonly devices?: number | undefined;
  readonly restores?: boolean | undefined;
}

export function settingOf(seed: number, { devices: wanted, restores = false }: SettingOptions = {}): Setting {
  const chance = new Chance(seed, 'setting');
  const count = wanted ?? (chance.happens(0.15) ? 3 : 2);
  const names = (): Names => (chance.happens(0.75) ? 'exact' : chance.happens(0.6) ? 'caseless' : 'decomposed');
  const level = (): number => (chance.happens(0.4) ? (chance.pick([0.02, 0.1, 0.3]) ?? 0) : 0);
  const faulty = chance.happens(0.6);
  return {
    history: {
      seed,
      devices: ['A', 'B', 'C'].slice(0, count).map((name) => ({ name, names: names() })),
      grain: chance.pick([0.05, 0.2, 0.6, 1]) ?? 1,
      deaf: chance.pick([0, 0, 0.3, 1]) ?? 0,
      faults: faulty
        ? {
            requestLost: level(),
            replyLost: level(),
            duplicated: level(),
            busy: level(),
            torn: level(),
            damaged: level() / 3,
            silent: level(),
          }
        : NO_FAULTS,
    },
    actions: 3 + chance.below(chance.happens(0.2) ? 24 : 10),
    trouble: {
      kills: chance.happens(0.5),
      powerCuts: chance.happens(0.3),
      server: chance.happens(0.4),
      disk: chance.happens(0.2),
      restores: restores && chance.happens(0.3),
    },
  };
}
