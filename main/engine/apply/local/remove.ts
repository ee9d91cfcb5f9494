import { errorCode } from '../../disk/filesystem.ts';
import type { DiskNames } from '../../disk/paths.ts';
import type { DiskStat } from '../../model.ts';
import { holdsOnlyIgnored } from '../../scan/leftover.ts';
import { carryOff } from './carryOff.ts';
import {
  type Changed,
  changed,
  type FolderSyncs,
  guardedPath,
  isAsExpected,
  type LocalDisk,
  operate,
} from './localDisk.ts';
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

/** Takes a file away into undo. A file that changed at the last moment is put back, or beside its name where that is taken. Throws DiskError. */
export function removeFile(
  disk: LocalDisk,
  { at, expected }: Removal,
  syncs?: FolderSyncs,
): Promise<FileRemoved | Changed> {
  return operate(disk, at, syncs, async (pending): Promise<FileRemoved | Changed> => {
    const path = await guardedPath(disk, at);
    if (path === undefined) return changed('parent');
    const kept = await undoPlace(disk, at.at(-1) ?? '');
    const gone = await carryOff(disk, path, kept, expected, pending);
    return gone.status === 'done' ? { status: 'done', kept } : gone;
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
