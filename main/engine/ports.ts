import type { NodeId } from '../../shared/ids.ts';
import type { Filesystem } from './disk/filesystem.ts';
import type { Hasher } from './hash/hasher.ts';
import type { OpenedState } from './store/database.ts';
import type { Surroundings } from './surroundings.ts';
import type { ServerApi, ServerConnection } from './transfer/server.ts';
import type { FolderWatch, WatchOptions } from './watch/watcher.ts';

/** Everything that the engine does to the world or learns from it, so that a test can own all of it. */
export interface EnginePorts {
  readonly clock: Clock;
  readonly random: Random;
  readonly fs: Filesystem;
  readonly surroundings: Surroundings;
  createHasher(): Hasher;
  /** Connects nothing yet. Throws ServerFailure when the address is refused. */
  connectServer(connection: ServerConnection): ServerApi;
  watchFolder(options: WatchOptions): FolderWatch;
  /** Throws EngineError when another engine has it, or it cannot be written. */
  openState(stateDir: string): OpenedState;
}

export interface Clock {
  /** Unix ms; may jump. */
  now(): number;
  /** Ms since some fixed moment; never jumps. */
  monotonic(): number;
  /** Calls back once after so many ms unless cancelled; does not keep the process alive. */
  after(ms: number, callback: () => void): () => void;
  /** Calls back when what is being done now, and what waits already, had its turn. */
  soon(callback: () => void): void;
}

export interface Random {
  /** A new UUIDv7. */
  nodeId(): NodeId;
  /** Uniform in [0, 1). */
  fraction(): number;
}
