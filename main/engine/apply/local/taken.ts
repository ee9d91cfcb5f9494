import { nameKey, OWN_FOLDER } from '../../../../shared/names.ts';
import { DiskError } from '../../disk/diskError.ts';
import { isSyncable } from '../../disk/filesystem.ts';
import { type DiskNames, pathInside, shownPath } from '../../disk/paths.ts';
import type { Kind } from '../../model.ts';
import { type Changed, changed, type LocalDisk } from './localDisk.ts';

/**
 * What it means that a name is taken. By something that can be synced: it is a node, or will be at the next look. By
 * something that never is: no look will free the name, so a person must; throws DiskError `in-the-way`.
 */
export async function taken({ fs, root }: LocalDisk, names: DiskNames, kind: Kind): Promise<Changed> {
  const sight = await fs.lstat(pathInside(root.path, names));
  if (sight === undefined) return changed('target');
  const belongs = `the ${kind} “${shownPath(names)}” belongs`;
  if (names.length === 1 && nameKey(shownPath(names)) === OWN_FOLDER) {
    throw new DiskError('in-the-way', `Driftless keeps its own things where ${belongs}: rename it on another device.`);
  }
  if (!isSyncable(sight)) {
    const what = sight.kind === 'symbolic link' ? 'link' : sight.kind;
    throw new DiskError('in-the-way', `A ${what} lies where ${belongs}: rename or remove it.`);
  }
  const top = await fs.lstat(root.path);
  if (sight.kind === 'folder' && top?.kind === 'folder' && sight.dev !== top.dev) {
    throw new DiskError('in-the-way', `Another disk is mounted where ${belongs}: mount it elsewhere.`);
  }
  return changed('target');
}
