import type { LocalNode } from '../../../main/engine/model.ts';
import type { KnownLocal, LocalChange } from '../../../main/engine/scan/known.ts';
import { ContentId, type NodeId } from '../../../shared/ids.ts';

export const HASHED = ContentId.parse('f'.repeat(64));

/** The local tree in memory, with every row synced that a test has marked so. */
export class MemoryTree implements KnownLocal {
  readonly rows = new Map<NodeId, LocalNode>();
  readonly synced = new Set<NodeId>();
  /** Names at the top that the server needs. */
  readonly wanted = new Set<string>();
  readonly #byParent = new Map<NodeId | null, Set<NodeId>>();
  readonly #byInode = new Map<bigint, Set<NodeId>>();
  /** Every change since `forgetLog`. */
  log: LocalChange[] = [];

  readonly apply = (changes: readonly LocalChange[]): void => {
    for (const change of changes) {
      this.log.push(change);
      if (change.type === 'put') this.#put(change.node);
      else this.#remove(change.id);
    }
  };

  /** Marks everything as agreed and hashed, as it is after a sync. */
  agree(): void {
    for (const [id, node] of this.rows) {
      this.synced.add(id);
      if (node.kind === 'file') {
        this.#put({ ...node, contentId: HASHED });
      }
    }
    this.log = [];
  }

  get(id: NodeId): LocalNode | undefined {
    return this.rows.get(id);
  }

  child(parentId: NodeId | null, name: string): LocalNode | undefined {
    const rows = this.children(parentId).filter((row) => row.name === name);
    return rows.find((row) => row.missingSince === null) ?? rows[0];
  }

  children(parentId: NodeId | null): readonly LocalNode[] {
    return this.#rowsOf(this.#byParent.get(parentId));
  }

  byIdentity(dev: bigint, ino: bigint): readonly LocalNode[] {
    return this.#rowsOf(this.#byInode.get(ino)).filter((row) => row.stat.dev === dev);
  }

  missing(since: number): readonly LocalNode[] {
    return [...this.rows.values()].filter((row) => row.missingSince !== null && row.missingSince <= since);
  }

  isSynced(id: NodeId): boolean {
    return this.synced.has(id);
  }

  isWanted(parentId: NodeId | null, name: string): boolean {
    return parentId === null && this.wanted.has(name);
  }

  /** `folder/name` → id of everything that is there. */
  paths(nameOf: (row: LocalNode) => string = ({ name }) => name): Record<string, NodeId> {
    const found: Record<string, NodeId> = {};
    for (const row of this.rows.values()) {
      const names: string[] = [];
      let at: LocalNode | undefined = row;
      while (at && at.missingSince === null) {
        names.unshift(nameOf(at));
        if (at.parentId === null) found[names.join('/')] = row.id;
        at = at.parentId === null ? undefined : this.rows.get(at.parentId);
      }
    }
    return found;
  }

  #rowsOf(ids: ReadonlySet<NodeId> = new Set()): LocalNode[] {
    return [...ids].flatMap((id) => this.rows.get(id) ?? []);
  }

  #put(node: LocalNode): void {
    this.#unindex(node.id);
    this.rows.set(node.id, node);
    this.#byParent.set(node.parentId, (this.#byParent.get(node.parentId) ?? new Set()).add(node.id));
    this.#byInode.set(node.stat.ino, (this.#byInode.get(node.stat.ino) ?? new Set()).add(node.id));
  }

  #unindex(id: NodeId): void {
    const node = this.rows.get(id);
    if (!node) return;
    this.#byParent.get(node.parentId)?.delete(id);
    this.#byInode.get(node.stat.ino)?.delete(id);
  }

  #remove(id: NodeId): void {
    this.#unindex(id);
    this.rows.delete(id);
    for (const child of this.children(id)) this.#remove(child.id);
  }
}
