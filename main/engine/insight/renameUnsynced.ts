import { nameKey } from '../../../shared/names.ts';
import { moveEntry } from '../apply/local/move.ts';
import type { Parts } from '../assemble.ts';
import { DiskError } from '../disk/diskError.ts';
import { pathInside } from '../disk/paths.ts';
import type { LocalNode } from '../model.ts';
import type { WishResult } from './wishes.ts';

/**
 * Renames what sync has left out for its name, and so knows by its path alone. Its folder is synced, so it is found as
 * the disk spells it; the name itself is as the disk gave it.
 */
export async function renameUnsynced(parts: Parts, path: string, name: string): Promise<WishResult> {
  const { state, localDisk, disk } = parts;
  const names = path.split('/');
  const last = names.pop() ?? '';
  const folder = folderAt(parts, names);
  const at = folder === null ? [] : folder && state.diskPathOf(folder);
  if (!at) return { ok: false, why: 'gone' };
  try {
    const sight = await localDisk.fs.lstat(pathInside(localDisk.root.path, [...at, last]));
    if (sight === undefined || (sight.kind !== 'file' && sight.kind !== 'folder')) return { ok: false, why: 'gone' };
    const moved = await moveEntry(localDisk, { from: [...at, last], to: [...at, name], expected: sight });
    if (moved.status !== 'done') return { ok: false, why: 'changed' };
    await disk.look([folder?.id ?? null]);
    return { ok: true };
  } catch (error) {
    if (error instanceof DiskError) return { ok: false, why: 'disk', message: error.message };
    throw error;
  }
}

/** null: the root; undefined: there is no such folder. */
function folderAt({ state }: Parts, names: readonly string[]): LocalNode | null | undefined {
  let folder: LocalNode | null = null;
  for (const name of names) {
    const parentId: LocalNode['parentId'] = folder === null ? null : (folder as LocalNode).id;
    const found: LocalNode | undefined = state.local
      .holders(parentId, nameKey(name))
      .find(({ kind, missingSince }) => kind === 'folder' && missingSince === null);
    if (!found) return undefined;
    folder = found;
  }
  return folder;
}
