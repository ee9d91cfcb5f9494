import type { ContentId, NodeId } from '../../../shared/ids.ts';
import type { DiskStat, Place } from '../model.ts';

/**
 * What the planner asks for. An operation names everything it relies on, so that whoever carries it out can check it
 * once more, and so that two plans can be compared: the same operation on the same base is the same work.
 */
export type Operation = { readonly id: NodeId } & (
  | { readonly kind: 'agree' }
  /** What was agreed counts no more: it is gone from both sides, or lives on one of them as if it were new there. */
  | { readonly kind: 'forget' }
  /** The content must be known before a decision; `stat` is the observation to hash. */
  | { readonly kind: 'hash'; readonly stat: DiskStat }
  /**
   * Local `id` is the same thing as remote `as`, found by name: from now on it carries that id. What is in it and was deleted
   * there lives on as if it were new: it had been moved into it.
   */
  | { readonly kind: 'rekey'; readonly as: NodeId }
  | {
      readonly kind: 'upload';
      readonly stat: DiskStat;
      readonly baseContentRev: number | null;
      readonly place: Place;
      /** null: not changed here, the server's stands. */
      readonly executable: boolean | null;
    }
  | { readonly kind: 'createRemoteFolder'; readonly place: Place; readonly mtimeMs: number }
  | { readonly kind: 'moveRemote'; readonly placeRev: number; readonly place: Place; readonly with: readonly NodeId[] }
  /** null: not changed here. */
  | { readonly kind: 'setRemoteMetadata'; readonly mtimeMs: number | null; readonly executable: boolean | null }
  | { readonly kind: 'trashRemote'; readonly contentRev: number; readonly placeRev: number; readonly files: number }
  | {
      readonly kind: 'download';
      readonly contentId: ContentId;
      readonly contentRev: number;
      readonly size: number;
      readonly mtimeMs: number;
      /** The server's, or the disk's where only the disk's changed. */
      readonly executable: boolean;
      readonly serverExecutable: boolean;
      readonly place: Place;
      /** The observation that it replaces; null: nothing is there. */
      readonly replaces: DiskStat | null;
    }
  | { readonly kind: 'createLocalFolder'; readonly place: Place }
  | { readonly kind: 'moveLocal'; readonly place: Place; readonly stat: DiskStat }
  /** Out of the way, to break a cycle of names. */
  | { readonly kind: 'parkLocal'; readonly stat: DiskStat }
  | {
      readonly kind: 'setLocalMetadata';
      readonly mtimeMs: number;
      readonly executable: boolean;
      readonly stat: DiskStat;
    }
  /** What the server has deleted, or what is one more of a file that it has. */
  | { readonly kind: 'deleteLocal'; readonly stat: DiskStat; readonly confirmed: boolean }
  /** The local file leaves its id: renamed to `name`, it becomes a new node. */
  | { readonly kind: 'conflictCopy'; readonly name: string; readonly stat: DiskStat }
);

export type OperationKind = Operation['kind'];

/** An operation that waits for other nodes: a taker for the name's holder, a child for its parent. */
export interface Planned {
  readonly operation: Operation;
  /** Empty: can be done now. */
  readonly after: readonly NodeId[];
  /** Nodes that wait for each other until this operation is done: when one of them changes it may not be needed. */
  readonly breaks: readonly NodeId[];
}
