import { join } from 'node:path';
import { OWN_FOLDER } from '../../../shared/names.ts';
import { type Filesystem, isSyncable } from '../disk/filesystem.ts';
import { ignoreReason } from './ignore.ts';

/**
 * Whether a folder holds ignored things and nothing else: what remained of a folder deleted elsewhere. Made a node, it
 * would be there again on every device. An empty folder is none, nor one that cannot be looked into. Stops at the first
 * file that counts.
 */
export async function holdsOnlyIgnored(fs: Filesystem, folder: string): Promise<boolean> {
  try {
    const names = await fs.names(folder);
    for (const name of names) {
      if (name === OWN_FOLDER || ignoreReason(name) !== null) continue;
      const sight = await fs.lstat(join(folder, name));
      if (sight !== undefined && !isSyncable(sight)) continue;
      if (sight?.kind !== 'folder' || !(await holdsOnlyIgnored(fs, join(folder, name)))) return false;
    }
    return names.length > 0;
  } catch {
    return false;
  }
}
