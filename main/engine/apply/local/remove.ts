import { errorCode } from '../../disk/filesystem.ts';
import type { DiskNames } from '../../disk/paths.ts';
import type { DiskStat } from '../../model.ts';
import { holdsOnlyIgnored } from '../../scan/leftover.ts';
import {
  type Changed,
  changed,
  type FolderSyncs,
  guardedPath,
  isAsExpected,
  type LocalDisk,
  operate,
} from './localDisk.ts';
import { moveFile } from './move.ts';
import { undoPlace } from './undo.ts';

export interface Removal {
  readonly at: DiskNames;
  /** What was observed there. */
  readonly expected: DiskStat;
}

export interface FileRemoved {
  readonly status: 'done';
  /** Absolute path in undo. */
  readonly kept: string;
}

/** Takes a file away into undo. A file that changed at the last moment is put back. Throws DiskError. */
export function removeFile(
  disk: LocalDisk,
  { at, expected }: Removal,
  syncs?: FolderSyncs,
): Promise<FileRemoved | Changed> {
  return operate(disk, at, syncs, async (pending): Promise<FileRemoved | Changed> => {
    const { fs } = disk;
    const path = await guardedPath(disk, at);
    if (path === undefined) return changed('parent');
    if (!isAsExpected(await fs.lstat(path), expected)) return changed('source');
    const kept = await undoPlace(disk, at.at(-1) ?? '');
    await fs.rename(path, kept);
    pending.addParentOf(path);
    pending.addParentOf(kept);
    if (isAsExpected(await fs.lstat(kept), expected)) return { status: 'done', kept };
    // Something else was taken than what was looked at: back with it, unless its place is taken already.
    const taken = await fs.lstat(kept);
    if (taken?.kind === 'file') await moveFile(disk, kept, path, taken);
    else if ((await fs.lstat(path)) === undefined) await fs.rename(kept, path);
    return changed('source');
  });
}

export interface FolderRemoved {
  readonly status: 'done';
}

export interface NotEmpty {
  readonly status: 'not-empty';
  /** All that is left is ignored, so the folder is deleted as far as syncing goes; the scanner does not report it again. */
  readonly onlyIgnored: boolean;
}

/** Removes a folder if it is empty; nothing in it is ever touched. Throws DiskError. */
export function removeFolder(
  disk: LocalDisk,
  { at, expected }: Removal,
  syncs?: FolderSyncs,
): Promise<FolderRemoved | NotEmpty | Changed> {
  return operate(disk, at, syncs, async (pending): Promise<FolderRemoved | NotEmpty | Changed> => {
    const { fs } = disk;
    const path = await guardedPath(disk, at);
    if (path === undefined) return changed('parent');
    if (!isAsExpected(await fs.lstat(path), expected)) return changed('source');
    try {
      await fs.rmdir(path);
    } catch (error) {
      const code = errorCode(error);
      if (code !== 'ENOTEMPTY' && code !== 'EEXIST') throw error;
      return { status: 'not-empty', onlyIgnored: await holdsOnlyIgnored(disk, at) };
    }
    pending.addParentOf(path);
    return { status: 'done' };
  });
}
