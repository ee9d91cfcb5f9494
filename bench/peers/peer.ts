import type { Meter } from '../measure.ts';

/** Where a peer works: everything lies below one scratch folder and is empty at the start. */
export interface Bench {
  /** The folder to be kept in sync. */
  readonly source: string;
  /** What the other side stores. */
  readonly target: string;
  /** Scratch for both sides. */
  readonly state: string;
  readonly meter: Meter;
}

/** One tool under test, set up on one bench. */
export interface Running {
  /** Makes the other side hold what `source` holds now; resolves when the tool says that it does. */
  sync(): Promise<void>;
  /** Throws unless the other side holds exactly what `source` holds. */
  verify(): Promise<void>;
  /** Ends the client as power loss would; `sync` starts it again. */
  killClient(): Promise<void>;
  stop(): Promise<void>;
  /** Tools that watch: a folder on a second device that follows by itself, made on the first call. */
  follower?(): Promise<string>;
}

export interface Peer {
  readonly name: string;
  /** Version, or undefined when it is not installed. */
  version(): string | undefined;
  /** Whether changes travel by themselves; without, idle and latency have no meaning. */
  readonly watches: boolean;
  /** Whether a changed or renamed file is anything but a new upload to it. */
  readonly followsChanges: boolean;
  /** Whether it talks through a network at all. */
  readonly hasWire: boolean;
  start(bench: Bench): Promise<Running>;
}
