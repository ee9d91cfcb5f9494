import type { ProblemView, SyncView } from './view.ts';

/** Everything the window shows. Problems are the first {@link PROBLEMS_SHOWN}; `view.problems` counts them all. */
export interface Snapshot {
  /** The synced folder, shortened for reading. */
  readonly folder: string;
  /** null until the engine has said how it stands. */
  readonly view: SyncView | null;
  readonly problems: readonly ProblemView[];
  /** What keeps the engine or the server from running: one sentence with a next step. */
  readonly trouble: string | null;
}

export const PROBLEMS_SHOWN = 200;

/** What the window may ask for. None of these takes an argument, so there is nothing to forge. */
export const COMMANDS = ['syncNow', 'pause', 'resume'] as const;
export type Command = (typeof COMMANDS)[number];

/** The answer to a command. Errors cross as values. */
export type Outcome =
  | { readonly ok: true }
  | { readonly ok: false; readonly code: OutcomeCode; readonly message: string };
export type OutcomeCode = 'refused' | 'not-running';

/** Window to app: asks for a command, or for the snapshot of this moment. */
export const ASK_CHANNEL = 'driftless:ask';
/** App to window: the newest snapshot. */
export const SNAPSHOT_CHANNEL = 'driftless:snapshot';

/** `window.driftless`: all that the window knows of the world. */
export interface DriftlessWindow {
  /** Calls back with the snapshot of this moment, then after every change; returns how to stop. */
  onStatus(listener: (snapshot: Snapshot) => void): () => void;
  syncNow(): Promise<Outcome>;
  pause(): Promise<Outcome>;
  resume(): Promise<Outcome>;
}
