import type { NodeId } from '../../../shared/ids.ts';
import type { DiskNames } from '../disk/paths.ts';
import type { LocalNode } from '../model.ts';

/**
 * The local tree as the scanner reads it. A row that went missing may share its place with one that is there: whoever
 * stores the tree must not forbid that.
 */
export interface KnownLocal {
  get(id: NodeId): LocalNode | undefined;
  /** The row at a place; one that is there before a missing one. */
  child(parentId: NodeId | null, name: string): LocalNode | undefined;
  /** All rows of a folder, missing ones too. */
  children(parentId: NodeId | null): readonly LocalNode[];
  /** All rows whose stat has this inode. */
  byIdentity(dev: bigint, ino: bigint): readonly LocalNode[];
  /** All rows missing since this moment (Unix ms) or earlier. */
  missing(since: number): readonly LocalNode[];
  isSynced(id: NodeId): boolean;
  /** Whether the server has something that needs this name, in any case and form. */
  isWanted(parentId: NodeId | null, name: string): boolean;
}

/** `put` replaces or adds the row; `remove` takes all rows below with it. */
export type LocalChange =
  | { readonly type: 'put'; readonly node: LocalNode }
  | { readonly type: 'remove'; readonly id: NodeId };

/** Where a node lies on disk as far as known; undefined when a row on the way is gone. `null` is the root. */
export function diskNamesOf(known: Pick<KnownLocal, 'get'>, id: NodeId | null): DiskNames | undefined {
  const names: string[] = [];
  for (let at = id; at !== null; ) {
    const node = known.get(at);
    if (node === undefined) return undefined;
    names.push(node.diskName);
    at = node.parentId;
  }
  return names.reverse();
}

/** Whether neither the node nor a folder above it is missing. */
export function isThere(known: KnownLocal, id: NodeId): boolean {
  for (let at: NodeId | null = id; at !== null; ) {
    const node: LocalNode | undefined = known.get(at);
    if (node === undefined || node.missingSince !== null) return false;
    at = node.parentId;
  }
  return true;
}

/**
 * The known folders that hints about paths (relative, separated by `/`) stand for: the folder itself, or the nearest one
 * above it that is known and there.
 */
export function foldersAt(known: KnownLocal, paths: readonly string[]): readonly (NodeId | null)[] {
  const found = new Set<NodeId | null>();
  for (const path of paths) {
    let at: NodeId | null = null;
    for (const part of path.split('/')) {
      const node: LocalNode | undefined = part === '' ? undefined : known.child(at, part.normalize('NFC'));
      if (node === undefined || node.kind !== 'folder' || node.missingSince !== null) break;
      at = node.id;
    }
    found.add(at);
  }
  return [...found];
}
