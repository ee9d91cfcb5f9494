import type { z } from 'zod';
import type { NodeId } from '../../../shared/ids.ts';
import type { SyncProblem } from '../model.ts';
import type { Download, SignedRequest } from '../transfer/server.ts';
import type { TransferTask } from './transfers.ts';
import type { TreeReader } from './treeReader.ts';
import type { Wish, WishResult } from './wishes.ts';

export type { Download, SignedRequest } from '../transfer/server.ts';
export type { TransferTask } from './transfers.ts';
export type { Standing, TreeEntry, TreeReader } from './treeReader.ts';
export type { Wish, WishResult } from './wishes.ts';

/**
 * What the engine offers to whoever shows its files to a person, besides how sync goes. Reading never waits for sync and
 * holds none of it up; whatever changes something goes the way that sync would take.
 */
export interface Insight {
  /** From open to stop; null before and after. */
  readonly trees: TreeReader | null;
  /** Identity of the store that the server keeps; null: not known yet. */
  readonly serverId: string | null;
  /** Both sides have been seen whole since the start. */
  readonly complete: boolean;
  /** Absolute path of the synced folder, links resolved; null while not open. */
  readonly root: string | null;
  /** Nodes of which something changed in a tree. Called often, with few each; returns how to stop. */
  onTrees(listener: (ids: Iterable<NodeId>) => void): () => void;
  /** The server may have found out more about what files show; returns how to stop. */
  onMedia(listener: () => void): () => void;

  /** Content that is being transferred or is to be, in the order planned. */
  transfers(): Iterable<TransferTask>;
  transferOf(id: NodeId): TransferTask | null;
  /** A transfer has ended well; returns how to stop. */
  onTransferred(listener: (task: TransferTask) => void): () => void;
  problemOf(id: NodeId): Omit<SyncProblem, 'path'> | null;
  /** Tries again what failed at this node; null: everything that failed. */
  retry(id: NodeId | null): void;
  /** Puts a transfer off until it is let go again, or its file changes. false: its turn has not come near yet. */
  hold(id: NodeId, on: boolean): boolean;

  /** Stops a transfer and leaves its file alone until that changes, or is tried again. false: its turn is far away. */
  cancel(id: NodeId): boolean;
  /** Gives what cannot be synced for its name another one. `path`: as the problem tells it. */
  renameUnsynced(path: string, name: string): Promise<WishResult>;

  /** Names from the root down, as the disk spells them; null: not on this disk. */
  diskPath(id: NodeId): readonly string[] | null;
  /** Folders left to the server, by id. */
  readonly cloudOnly: ReadonlySet<NodeId>;
  /** Does what a person asked for; one result for each wish, in order. Throws ServerFailure. */
  grant(wishes: readonly Wish[]): Promise<readonly WishResult[]>;

  /** Requests beyond sync, as this device; they throw ServerFailure, also when nothing is running. */
  ask<T extends z.ZodType>(request: SignedRequest, schema: T): Promise<z.infer<T>>;
  fetch(request: SignedRequest): Promise<Download>;
  /** Bytes a second; null: no limit. Holds from now on. */
  setLimits(limitUp: number | null, limitDown: number | null): void;
}
