import type { NodeId } from '../../../shared/ids.ts';
import { pathInside } from '../disk/paths.ts';
import type { State } from '../store/state.ts';
import { FolderSyncs, type LocalDisk } from './local/localDisk.ts';

/**
 * Makes it durable that these nodes are gone from the disk. Otherwise a power cut could bring one back, under its old name
 * and without what it had become, after the server was told that it is gone: it would look like a file that was deleted
 * elsewhere. Throws DiskError.
 */
export async function settleGaps(
  { state, disk }: { readonly state: State; readonly disk: LocalDisk },
  ids: readonly NodeId[],
): Promise<void> {
  const syncs = new FolderSyncs(disk.fs);
  for (const id of ids) syncs.add(pathInside(disk.root.path, folderAbove(state, id)));
  await syncs.flush();
}

/** The nearest folder above where the node lay that is on the disk; the names in it tell of everything below. */
function folderAbove(state: State, id: NodeId): readonly string[] {
  for (let at = state.synced.get(id)?.parentId ?? null; at !== null; at = state.synced.get(at)?.parentId ?? null) {
    const folder = state.local.get(at);
    const names = folder?.missingSince === null ? state.diskPathOf(folder) : undefined;
    if (names) return names;
  }
  return [];
}
