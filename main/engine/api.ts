import type { EnrolledDevice } from '../../shared/api/devices.ts';
import type { PauseChoices } from './goodTime.ts';
import type { Insight } from './insight/insight.ts';
import type { ListedProblem, SyncProblem } from './model.ts';

/** What the engine offers to whoever runs it: the command line, the desktop app, a test. */
export interface EngineOptions {
  /** Absolute path of the folder to keep in sync; must exist. */
  readonly folder: string;
  /** Absolute path of the engine's own state: database, device secret. Made if missing. */
  readonly stateDir: string;
  /** `http://host:port`, without a path. */
  readonly serverUrl: string;
  /** Enrolment token; used once, after which the device's own secret is. Empty: the device is known already. */
  readonly token: string;
  /** Enrolled by whoever runs the engine, and known to nobody else yet; left out: by `token`, or earlier. */
  readonly device?: EnrolledDevice;
  readonly deviceName: string;
  /** Deletes are a person's wish in this run: the guard lets them through, other devices need not ask again. */
  readonly allowDeletes: boolean;
  /** Bytes a second; null: no limit. */
  readonly limitUp: number | null;
  readonly limitDown: number | null;
  /** false for one pass (`--once`): nothing is watched and no file is left to rest first. */
  readonly watch: boolean;
}

/**
 * scanning: looking at the folder before the first plan · syncing: work is under way · idle: every observed change is
 * agreed or a listed problem · waiting: only a yes (delete guard) is missing · offline: the server cannot be reached,
 * tried again by itself · halted: the folder or the account is not what it was; a person must act.
 */
export type EngineState = 'scanning' | 'syncing' | 'idle' | 'waiting' | 'paused' | 'offline' | 'halted';

export interface EngineStatus {
  readonly state: EngineState;
  /** Changes not agreed yet, listed problems left out. */
  readonly pending: number;
  /** Number of the last `syncNow`. */
  readonly generation: number;
  /** Everything that existed when this generation was asked for is agreed or a listed problem. */
  readonly syncedGeneration: number;
  /** Content bytes of the transfers since the engine was last idle. */
  readonly bytesDone: number;
  readonly bytesTotal: number;
  readonly problems: number;
  /** For offline, halted, and paused because of the computer's surroundings: one sentence with a next step. */
  readonly message: string | null;
}

/** Counts since the engine started. Bytes are content bytes sent and received by transfers. */
export interface SyncSummary {
  readonly uploaded: number;
  readonly downloaded: number;
  readonly moved: number;
  readonly deleted: number;
  readonly conflicts: number;
  readonly problems: number;
  readonly bytesSent: number;
  readonly bytesReceived: number;
  readonly seconds: number;
}

/** Deletes that the guard holds until a person says yes or no. */
export interface HeldDeletes {
  readonly direction: 'local' | 'remote';
  readonly paths: readonly string[];
}

export interface Engine {
  /** For who shows the files themselves. */
  readonly insight: Insight;
  /**
   * Opens the state, which from here on is this engine's alone, and checks the folder's marker. Asks nothing of the
   * server; throws EngineError when a person must act first.
   */
  open(): Promise<void>;
  /**
   * Enrols or signs in, and begins. To be called once, after `open`. Resolves when running (offline counts as running)
   * or when stopped meanwhile; throws EngineError, with everything closed, when a person must act first.
   */
  start(): Promise<void>;
  status(): EngineStatus;
  summary(): SyncSummary;
  problems(): readonly SyncProblem[];
  /** Those from `from` to `to` (exclusive), without those of one code; however many there are, only these are looked at. */
  problemsBetween(from: number, to: number, except: string): readonly ListedProblem[];
  countProblems(except: string): number;
  /** Another one whenever `problems` may answer something else. */
  readonly problemsRevision: string;
  held(): readonly HeldDeletes[];
  /** Asks for a look at both sides begun after this call; answers with its generation. */
  syncNow(): number;
  /** Resolves when the generation is synced, or only a yes is missing, or the engine is halted. */
  settled(generation: number): Promise<EngineStatus>;
  /** Pauses all transfers; for so many ms, or until `resume`. */
  pause(forMs: number | null): void;
  resume(): void;
  /** Chooses in which surroundings everything waits; `resume` overrules that until they have been better once. */
  pauseOn(choices: PauseChoices): void;
  /** Of one direction, or of both. */
  approveDeletes(direction?: HeldDeletes['direction']): void;
  denyDeletes(direction?: HeldDeletes['direction']): void;
  /** Paths of the folders that this device leaves to the server, relative to the root. */
  cloudOnly(): readonly string[];
  /**
   * Leaves a folder to the server, or brings it back; what is on this disk leaves it once it is stored there. Answers why
   * not, as one sentence with a next step, or null.
   */
  setCloudOnly(path: string, on: boolean): string | null;
  /** Who this device is to the server; null: the state is not open, or knows of none. */
  device(): EnrolledDevice | null;
  /** The server does not know this device any more: somebody has to sign in again. */
  readonly signedOut: boolean;
  /**
   * Gives up this device's access: the server takes it back and the secret is forgotten; what is in the folder stays.
   * false: the server could not be told, so it goes on listing the device. Nothing is synced from here on.
   */
  signOut(): Promise<boolean>;
  /** Called after every change of status, at most ten times a second; returns how to stop listening. */
  onChange(listener: (status: EngineStatus) => void): () => void;
  /** Lets what cannot be interrupted finish, stores the rest, closes everything. May be called while it starts. */
  stop(): Promise<void>;
}

export type EngineErrorCode =
  | 'folder-missing'
  | 'folder-not-writable'
  | 'folder-other-marker'
  | 'state-in-use'
  | 'state-not-writable'
  | 'state-other-account'
  | 'token-refused'
  | 'server-unreachable'
  | 'server-not-driftless';

/** Something a person must mend; the message is one sentence with a next step. */
export class EngineError extends Error {
  readonly code: EngineErrorCode;
  constructor(code: EngineErrorCode, message: string) {
    super(message);
    this.name = 'EngineError';
    this.code = code;
  }
}
