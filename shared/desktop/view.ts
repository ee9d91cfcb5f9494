/** What a person is told about sync, in the terminal as in the window. All of it is plain data. */
export interface SyncView {
  readonly state: SyncState;
  /** Changes not agreed yet, listed problems left out. */
  readonly pending: number;
  readonly problems: number;
  /** Deletes that wait for a yes. */
  readonly held: number;
  /** Content bytes of the transfers since the engine was last at rest. */
  readonly bytesDone: number;
  readonly bytesTotal: number;
  /** Changes since the engine was last at rest: agreed, and in all. */
  readonly itemsDone: number;
  readonly itemsTotal: number;
  readonly direction: Direction;
  /** null until it can be told honestly. */
  readonly bytesPerSecond: number | null;
  readonly secondsLeft: number | null;
  /** Unix ms at which both sides were last known to agree. */
  readonly syncedAt: number | null;
  /** Unix ms at which a pause ends by itself; null: until somebody resumes, or not paused. */
  readonly pausedUntil: number | null;
  /** For offline and halted: one sentence with a next step. */
  readonly message: string | null;
}

export type SyncState = 'scanning' | 'syncing' | 'idle' | 'waiting' | 'paused' | 'offline' | 'halted';

/** Which way content goes; `both` also stands for work that is neither, such as moves. */
export type Direction = 'up' | 'down' | 'both';

/** Why something is not in sync, as a person is told. */
export interface ProblemView {
  readonly path: string;
  readonly code: string;
  readonly message: string;
  /** Unix ms of the next try; null: waits for a change. */
  readonly retryAt: number | null;
}
