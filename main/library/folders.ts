import type { NodeId } from '../../shared/ids.ts';

interface Folder {
  parentId: string | null;
  name: string;
  live: boolean;
  /** Of all that is inside, however deep. */
  bytes: number;
  files: number;
  readonly folders: Set<string>;
}

/** More levels than any disk can hold: a ring, which is there only for a moment. */
const DEEPEST = 1_000;

/**
 * The folders, in memory: there are few, and every list asks for them. Sizes are carried up as files come and go, so
 * nobody ever adds up a tree. What comes before its folder is counted where the folder will be.
 */
export class Folders {
  readonly #folders = new Map<string, Folder>();
  readonly #top: Set<string> = new Set();

  put(id: NodeId, parentId: NodeId | null, name: string, live: boolean): void {
    const folder = this.#at(id);
    if (folder.parentId !== undefined && this.#known.has(id)) this.#detach(id, folder);
    this.#known.add(id);
    folder.parentId = parentId;
    folder.name = name;
    folder.live = live;
    this.#siblings(parentId).add(id);
    this.count(parentId, folder.bytes, folder.files);
  }

  remove(id: NodeId): void {
    const folder = this.#folders.get(id);
    if (!folder || !this.#known.delete(id)) return;
    this.#detach(id, folder);
    if (folder.bytes === 0 && folder.files === 0 && folder.folders.size === 0) this.#folders.delete(id);
  }

  /** So many bytes and files more, or fewer, directly in this folder. */
  count(parentId: string | null, bytes: number, files: number): void {
    if (bytes === 0 && files === 0) return;
    let at = parentId;
    for (let depth = 0; at !== null && depth < DEEPEST; depth += 1) {
      const folder = this.#at(at);
      folder.bytes += bytes;
      folder.files += files;
      at = this.#known.has(at) ? folder.parentId : null;
    }
  }

  bytes(id: string): number {
    return this.#folders.get(id)?.bytes ?? 0;
  }

  name(id: string): string | null {
    return this.#known.has(id) ? (this.#folders.get(id)?.name ?? null) : null;
  }

  has(id: string): boolean {
    return this.#known.has(id);
  }

  parent(id: string): NodeId | null {
    return (this.#folders.get(id)?.parentId ?? null) as NodeId | null;
  }

  /** Live folders directly inside. */
  inside(id: string | null): readonly { readonly id: NodeId; readonly name: string }[] {
    return [...this.#siblings(id)].flatMap((child) => {
      const folder = this.#folders.get(child);
      return folder?.live ? [{ id: child as NodeId, name: folder.name }] : [];
    });
  }

  hasInside(id: string): boolean {
    for (const child of this.#folders.get(id)?.folders ?? []) if (this.#folders.get(child)?.live) return true;
    return false;
  }

  /** Ids of the folder and of the folders above, from the nearest up. */
  *upFrom(id: string | null): Generator<NodeId> {
    let at = id;
    for (let depth = 0; at !== null && depth < DEEPEST; depth += 1) {
      yield at as NodeId;
      at = this.#known.has(at) ? (this.#folders.get(at)?.parentId ?? null) : null;
    }
  }

  /** Names from the top down to this folder. */
  path(id: string | null): readonly string[] {
    return [...this.upFrom(id)].map((above) => this.#folders.get(above)?.name ?? '').reverse();
  }

  /** The folder and all folders below. */
  below(id: string): readonly string[] {
    const found = [id];
    for (let i = 0; i < found.length; i += 1) {
      const next = found[i];
      if (next !== undefined) for (const child of this.#folders.get(next)?.folders ?? []) found.push(child);
    }
    return found;
  }

  readonly #known = new Set<string>();

  #detach(id: string, folder: Folder): void {
    this.count(folder.parentId, -folder.bytes, -folder.files);
    this.#siblings(folder.parentId).delete(id);
  }

  #siblings(parentId: string | null): Set<string> {
    return parentId === null ? this.#top : this.#at(parentId).folders;
  }

  #at(id: string): Folder {
    const known = this.#folders.get(id);
    if (known) return known;
    const made: Folder = { parentId: null, name: '', live: true, bytes: 0, files: 0, folders: new Set() };
    this.#folders.set(id, made);
    return made;
  }
}
