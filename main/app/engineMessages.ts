import type { AddedPath } from '../../shared/desktop/channels.ts';
import type { CommandName, Outcome } from '../../shared/desktop/commands.ts';
import type { Settings } from '../../shared/desktop/settings.ts';
import type { Delta, NumberedSnapshot } from '../../shared/desktop/snapshot.ts';
import type { NodeId } from '../../shared/ids.ts';
import type { Given } from '../headless/station/station.ts';
import type { DeviceKey } from './secrets.ts';

/** What only the app's own process can do for the engine's. Paths are absolute. */
export type Favour =
  | { readonly do: 'open' | 'show'; readonly path: string }
  | { readonly do: 'show-logs' }
  /** Asks the person for a folder. */
  | { readonly do: 'choose-folder' }
  /** Starts the server of this computer. */
  | { readonly do: 'start-server' }
  | { readonly do: 'stop-server' }
  /** Has the person sign in with Clerk in a window of its own; or, `quietly`, only where they are known there still. */
  | { readonly do: 'sign-in'; readonly publishableKey: string; readonly quietly: boolean }
  | { readonly do: 'leave-sign-in' };

/** What comes of a favour: false, nothing; else what was asked for. */
export interface FavourAnswers {
  readonly open: boolean;
  readonly show: boolean;
  readonly 'show-logs': boolean;
  /** Absolute; null: the person changed their mind. */
  readonly 'choose-folder': string | null;
  readonly 'start-server': { readonly url: string; readonly token: string } | { readonly fault: string };
  readonly 'stop-server': boolean;
  /** A token; null: the person left without signing in. */
  readonly 'sign-in': string | null;
  readonly 'leave-sign-in': boolean;
}
export type FavourAnswer<F extends Favour> = FavourAnswers[F['do']];

/** App to engine process. Both are ours and of one build, so these are types, not schemas. */
export type ToEngine =
  | {
      readonly type: 'start';
      readonly given: Given;
      /** What the device's secret is sealed with. */
      readonly key: DeviceKey;
      readonly onBattery: boolean;
    }
  | { readonly type: 'ask'; readonly id: number; readonly command: CommandName; readonly input: unknown }
  | { readonly type: 'add'; readonly id: number; readonly file: AddedPath }
  /** Answered with the paths of those that are on this disk. */
  | { readonly type: 'paths'; readonly id: number; readonly ids: readonly NodeId[] }
  | { readonly type: 'on-battery'; readonly on: boolean }
  /** What could not be reached before may be there now. */
  | { readonly type: 'look-now' }
  | { readonly type: 'favour-done'; readonly id: number; readonly answer: unknown }
  | { readonly type: 'stop' };

/** Engine process to app. */
export type FromEngine =
  | { readonly type: 'told'; readonly message: NumberedSnapshot | Delta }
  | { readonly type: 'outcome'; readonly id: number; readonly outcome: Outcome<unknown> }
  | { readonly type: 'favour'; readonly id: number; readonly favour: Favour }
  | { readonly type: 'settings'; readonly settings: Settings }
  /** Absolute: what a person means by the folder. */
  | { readonly type: 'folder'; readonly folder: string }
  /** A person must act first; starting again by itself would not help. */
  | { readonly type: 'refused'; readonly message: string };
