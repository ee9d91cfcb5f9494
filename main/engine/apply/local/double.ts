import { basename, dirname, join } from 'node:path';
import { MAX_NAME_BYTES, nameBytes } from '../../../../shared/names.ts';
import { isSyncable } from '../../disk/filesystem.ts';
import type { LocalDisk } from './localDisk.ts';

/**
 * Whether something nobody has seen yet lies beside the free `path` under the same name in its other Unicode form. On disks
 * that tell the two apart a file placed there would become two for everybody else. What never syncs is no double.
 */
export async function hasDouble({ fs }: LocalDisk, path: string): Promise<boolean> {
  const name = basename(path);
  const decomposed = name.normalize('NFD');
  const other = decomposed === name ? name.normalize('NFC') : decomposed;
  // No disk holds a longer name, and some refuse even to look for one.
  if (other === name || nameBytes(other) > MAX_NAME_BYTES) return false;
  const sight = await fs.lstat(join(dirname(path), other));
  return sight !== undefined && isSyncable(sight);
}
