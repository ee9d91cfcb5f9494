import { type DiskStat, renamed } from '../../model.ts';
import { type Changed, changed, type FolderSyncs, isAsExpected, type LocalDisk } from './localDisk.ts';
import { putBack } from './putBack.ts';

/**
 * Takes a file or folder away to a place where nobody else looks, and looks at it there: however late one looks before, it
 * may be changed right after. What turns out to be another one is put back. All paths are absolute.
 */
export async function carryOff(
  disk: LocalDisk,
  path: string,
  to: string,
  expected: DiskStat,
  syncs: FolderSyncs,
): Promise<{ readonly status: 'done'; readonly stat: DiskStat } | Changed> {
  const { fs } = disk;
  if (!isAsExpected(await fs.lstat(path), expected)) return changed('source');
  await fs.rename(path, to);
  syncs.addParentOf(path);
  syncs.addParentOf(to);
  const taken = await fs.lstat(to);
  if (isAsExpected(taken, renamed(expected))) return { status: 'done', stat: taken };
  await putBack(disk, to, path);
  return changed('source');
}
