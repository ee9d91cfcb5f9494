import type { AddedPath } from '../../shared/desktop/channels.ts';
import type { CommandName, Outcome } from '../../shared/desktop/commands.ts';
import type { Settings } from '../../shared/desktop/settings.ts';
import type { Delta, NumberedSnapshot } from '../../shared/desktop/snapshot.ts';
import type { NodeId } from '../../shared/ids.ts';
import type { EngineOptions } from '../engine/api.ts';
import type { DeviceKey } from './secrets.ts';

/** What only the app's own process can do for the engine's. Paths are absolute. */
export type Favour = { readonly do: 'open' | 'show'; readonly path: string } | { readonly do: 'show-logs' };

/** App to engine process. Both are ours and of one build, so these are types, not schemas. */
export type ToEngine =
  | {
      readonly type: 'start';
      readonly options: EngineOptions;
      readonly ownServer: boolean;
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
  | { readonly type: 'favour-done'; readonly id: number; readonly done: boolean }
  | { readonly type: 'stop' };

/** Engine process to app. */
export type FromEngine =
  | { readonly type: 'told'; readonly message: NumberedSnapshot | Delta }
  | { readonly type: 'outcome'; readonly id: number; readonly outcome: Outcome<unknown> }
  | { readonly type: 'favour'; readonly id: number; readonly favour: Favour }
  | { readonly type: 'settings'; readonly settings: Settings }
  /** A person must act first; starting again by itself would not help. */
  | { readonly type: 'refused'; readonly message: string };
