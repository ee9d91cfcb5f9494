import type { NodeId } from '../../../shared/ids.ts';
import type { LocalNode, RemoteNode, SyncedNode } from '../model.ts';

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

/** One node as each tree knows it. */
export interface Views {
  readonly id: NodeId;
  readonly local: LocalNode | undefined;
  /** Live or trashed. */
  readonly remote: RemoteNode | undefined;
  readonly synced: SyncedNode | undefined;
}

/** A plan looks at a node many times; what it saw once it keeps. */
export class Look {
  readonly trees: Trees;
  readonly #seen = new Map<NodeId, Views>();
  readonly #memo = new Map<string, unknown>();

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

  /** Computes `name` of a node once. While it is being computed, asking again answers `meanwhile`: loops end. */
  once<T>(name: string, id: NodeId, meanwhile: T, compute: () => T): T {
    const key = `${name} ${id}`;
    if (this.#memo.has(key)) return this.#memo.get(key) as T;
    this.#memo.set(key, meanwhile);
    const value = compute();
    this.#memo.set(key, value);
    return value;
  }
}
