import { OWN_FOLDER, wireName } from '../../../shared/names.ts';
import { type Filesystem, isSyncable } from '../disk/filesystem.ts';
import { type DiskNames, pathInside } from '../disk/paths.ts';
import type { Root } from '../disk/root.ts';
import type { Ignores } from './ignore.ts';

/**
 * Whether a folder holds ignored things and nothing else: what remained of a folder deleted elsewhere. Made a node, it
 * would be there again on every device. An empty folder is none, nor one that cannot be looked into. Stops at the first
 * file that counts.
 */
export async function holdsOnlyIgnored(
  { fs, root, ignores }: { readonly fs: Filesystem; readonly root: Root; readonly ignores: Ignores },
  folder: DiskNames,
): Promise<boolean> {
  try {
    const names = await fs.names(pathInside(root.path, folder));
    for (const name of names) {
      if (name === OWN_FOLDER) continue;
      const inside = [...folder, name];
      const sight = await fs.lstat(pathInside(root.path, inside));
      if (sight === undefined) return false;
      if (!isSyncable(sight) || ignores.reason(wirePath(inside), sight.kind) !== null) continue;
      if (sight.kind !== 'folder' || !(await holdsOnlyIgnored({ fs, root, ignores }, inside))) return false;
    }
    return names.length > 0;
  } catch {
    return false;
  }
}

/** The path as the ignore patterns know it. */
export const wirePath = (names: DiskNames): string => wireName(names.join('/'));
