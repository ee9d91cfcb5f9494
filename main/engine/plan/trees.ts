import type { NodeId } from '../../../shared/ids.ts';
import { nameKey } from '../../../shared/names.ts';
import type { LocalNode, Place, RemoteNode, SyncedNode } from '../model.ts';

/** What the planner reads: three trees, indexed by id, by parent and by folded name. */
export interface Trees {
  readonly local: {
    get(id: NodeId): LocalNode | undefined;
    children(parentId: NodeId | null): readonly LocalNode[];
    holders(parentId: NodeId | null, key: string): readonly LocalNode[];
  };
  /** `children` and `holder` know live nodes only; `get` knows trashed ones too. */
  readonly remote: {
    get(id: NodeId): RemoteNode | undefined;
    children(parentId: NodeId | null): readonly RemoteNode[];
    holder(parentId: NodeId | null, key: string): RemoteNode | undefined;
  };
  readonly synced: {
    get(id: NodeId): SyncedNode | undefined;
  };
}

export type Side = 'local' | 'remote';

/** One node as each tree knows it. */
export interface Views {
  readonly id: NodeId;
  readonly local: LocalNode | undefined;
  /** Live or trashed. */
  readonly remote: RemoteNode | undefined;
  readonly synced: SyncedNode | undefined;
}

export const isLive = (remote: RemoteNode | undefined): remote is RemoteNode => remote?.state === 'live';

/** On the disk at the last look, not only remembered for a moment after it vanished. */
export const isThere = (local: LocalNode | undefined): local is LocalNode => local?.missingSince === null;

/** On disk and on the server. */
export const isOnBoth = ({ local, remote }: Views): boolean => isThere(local) && isLive(remote);

/** Who has one folded name in a folder; on a disk that tells upper from lower case that may be several. */
export interface Slot {
  readonly local: readonly LocalNode[];
  readonly remote: RemoteNode | undefined;
}

/** The trees as they are for the time of one plan: what was read once is kept. */
export class Look {
  readonly trees: Trees;
  readonly #seen = new Map<NodeId, Views>();
  readonly #slots = new Map<string, Slot>();

  constructor(trees: Trees) {
    this.trees = trees;
  }

  views(id: NodeId): Views {
    const known = this.#seen.get(id);
    if (known) return known;
    const { local, remote, synced } = this.trees;
    const views: Views = { id, local: local.get(id), remote: remote.get(id), synced: synced.get(id) };
    this.#seen.set(id, views);
    return views;
  }

  slotOf({ parentId, name }: Place): Slot {
    return this.slotAt(parentId, nameKey(name));
  }

  slotAt(parentId: NodeId | null, key: string): Slot {
    const at = `${parentId ?? ''}/${key}`;
    const known = this.#slots.get(at);
    if (known) return known;
    const { local, remote } = this.trees;
    const slot: Slot = { local: local.holders(parentId, key), remote: remote.holder(parentId, key) };
    this.#slots.set(at, slot);
    return slot;
  }
}

/** A question about a node that a look answers once. */
export function kept<T>(answer: (look: Look, id: NodeId) => T): (look: Look, id: NodeId) => T {
  const answers = new WeakMap<Look, Map<NodeId, T>>();
  return (look, id) => {
    const known = answers.get(look) ?? new Map<NodeId, T>();
    answers.set(look, known);
    const before = known.get(id);
    if (before !== undefined || known.has(id)) return before as T;
    const value = answer(look, id);
    known.set(id, value);
    return value;
  };
}
