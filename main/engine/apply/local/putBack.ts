import { basename, dirname, join } from 'node:path';
import { DiskError } from '../../disk/diskError.ts';
import { errorCode } from '../../disk/filesystem.ts';
import { mtimeMsOf } from '../../model.ts';
import { conflictCopyName } from '../../plan/conflictName.ts';
import { isLinkRefused, type LocalDisk } from './localDisk.ts';

const MOST_NAMES = 100;

/**
 * Brings back what was taken away and then turned out to be another file, or a newer one, than what was to be taken: under
 * its old name, or, where somebody has that by now, beside it as a conflict copy. Both paths are absolute.
 */
export async function putBack(disk: LocalDisk, kept: string, path: string): Promise<void> {
  const { fs, device } = disk;
  const found = await fs.lstat(kept);
  if (found?.kind !== 'file') {
    // A folder took the file's place: it cannot be linked, and no two of them are in conflict.
    if (found && (await fs.lstat(path)) === undefined) await fs.rename(kept, path);
    return;
  }
  for (let attempt = 0; attempt < MOST_NAMES; attempt += 1) {
    const name = basename(path);
    const to = attempt === 0 ? name : conflictCopyName(name, device, mtimeMsOf(found), attempt);
    if (await moveBack(disk, kept, join(dirname(path), to))) return;
  }
  throw new DiskError('other', `No free name was found beside “${basename(path)}”: rename some of its copies.`);
}

/** false: the name is taken. */
async function moveBack({ fs }: LocalDisk, kept: string, to: string): Promise<boolean> {
  try {
    await fs.link(kept, to);
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    if (!isLinkRefused(error)) throw error;
    if ((await fs.lstat(to)) !== undefined) return false;
    await fs.rename(kept, to);
    return true;
  }
  await fs.unlink(kept);
  return true;
}
