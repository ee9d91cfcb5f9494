import type { Command, Outcome, Snapshot } from '../../shared/desktop/contract.ts';
import type { EngineOptions } from '../engine/api.ts';

/** App to engine process. Both are ours and of one build, so these are types, not schemas. */
export type ToEngine =
  | { readonly type: 'start'; readonly options: EngineOptions }
  | { readonly type: 'command'; readonly id: number; readonly command: Command }
  | { readonly type: 'stop' };

/** Engine process to app. */
export type FromEngine =
  | { readonly type: 'snapshot'; readonly snapshot: Omit<Snapshot, 'trouble'> }
  | { readonly type: 'outcome'; readonly id: number; readonly outcome: Outcome }
  /** A person must act first; starting again by itself would not help. */
  | { readonly type: 'refused'; readonly message: string };
