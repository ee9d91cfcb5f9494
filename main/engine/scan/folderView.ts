import type { NodeId } from '../../../shared/ids.ts';
import type { LocalNode } from '../model.ts';
import type { Entry } from './list.ts';

/** What is known of one folder, as far as it was seen. */
export interface View {
  readonly folderId: NodeId | null;
  /** All of it was seen: what is not among the entries is gone. */
  readonly complete: boolean;
  readonly entries: Map<string, Entry>;
  readonly held: Set<string>;
  readonly absent: Set<string>;
  /** The row at each name; one that is there before a missing one. Further rows of a name lie at their disk names. */
  readonly rows: ReadonlyMap<string, LocalNode>;
  readonly children: readonly LocalNode[];
}

/** Where a twin lies in a view; no name has a slash. */
export const twinKey = (diskName: string): string => `/${diskName}`;

export const keyOfEntry = ({ isTwin, name, diskName }: Entry): string => (isTwin ? twinKey(diskName) : name);

export const keyOfRow = ({ rows }: View, { id, name, diskName }: LocalNode): string => {
  const first = rows.get(name);
  return first === undefined || first.id === id || rows.get(twinKey(diskName))?.id !== id ? name : twinKey(diskName);
};

/** A view with nothing seen in it yet, of a folder in which these rows are known. */
export function viewOf(folderId: NodeId | null, children: readonly LocalNode[], complete: boolean): View {
  const rows = new Map<string, LocalNode>();
  for (const child of children) {
    const first = rows.get(child.name);
    if (first === undefined) rows.set(child.name, child);
    else if (child.missingSince !== null) continue;
    else if (first.missingSince !== null) rows.set(child.name, child);
    else if (isFirst(child, first)) {
      rows.set(child.name, child);
      rows.set(twinKey(first.diskName), first);
    } else rows.set(twinKey(child.diskName), child);
  }
  return { folderId, complete, entries: new Map(), held: new Set(), absent: new Set(), rows, children };
}

/** Of two rows of one name, both there: the one in wire form goes by it, wherever their order comes from. */
const isFirst = (row: LocalNode, first: LocalNode): boolean =>
  first.diskName !== first.name && (row.diskName === row.name || row.id < first.id);

export const rowOfKind = (view: View, entry: Entry): LocalNode | undefined => {
  const row = view.rows.get(keyOfEntry(entry));
  return row?.kind === entry.stat.kind ? row : undefined;
};
