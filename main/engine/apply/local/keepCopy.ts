import { DiskError } from '../../disk/diskError.ts';
import { type DiskNames, shownPath } from '../../disk/paths.ts';
import type { DiskStat } from '../../model.ts';
import { type Changed, changed, type FolderSyncs, guardedPath, type LocalDisk, operate } from './localDisk.ts';
import { type Moved, moveEntry, moveFile } from './move.ts';

const MOST_NAMES = 100;

export interface NamedMove {
  readonly status: 'done';
  readonly stat: DiskStat;
  readonly diskName: string;
}

/**
 * Gives a file another name in its folder, the first free one of `nameFor(0)`, `nameFor(1)`, …; never overwrites. For
 * conflict copies. Throws DiskError.
 */
export async function keepCopy(
  disk: LocalDisk,
  copy: { readonly from: DiskNames; readonly expected: DiskStat; readonly nameFor: (attempt: number) => string },
  syncs?: FolderSyncs,
): Promise<NamedMove | Changed> {
  const folder = copy.from.slice(0, -1);
  return firstFree(copy.nameFor, copy.from, (diskName) =>
    moveEntry(disk, { from: copy.from, to: [...folder, diskName], expected: copy.expected }, syncs),
  );
}

/**
 * Brings bytes that `placeFile` rescued back into a folder under the first free name. `rescued` is the absolute path it
 * told. Throws DiskError.
 */
export async function bringBack(
  disk: LocalDisk,
  back: { readonly rescued: string; readonly folder: DiskNames; readonly nameFor: (attempt: number) => string },
  syncs?: FolderSyncs,
): Promise<NamedMove | Changed> {
  return firstFree(back.nameFor, back.folder, (diskName) => {
    const to = [...back.folder, diskName];
    return operate(disk, to, syncs, async (pending): Promise<Moved | Changed> => {
      const path = await guardedPath(disk, to);
      if (path === undefined) return changed('parent');
      const found = await disk.fs.lstat(back.rescued);
      if (found?.kind !== 'file') return changed('source');
      if ((await disk.fs.lstat(path)) !== undefined) return changed('target');
      const moved = await moveFile(disk, back.rescued, path, found);
      if (moved.status === 'changed') return moved;
      pending.addParentOf(path);
      const stat = await disk.fs.lstat(path);
      return stat?.kind === 'file' ? { status: 'done', stat } : changed('target');
    });
  });
}

async function firstFree(
  nameFor: (attempt: number) => string,
  at: DiskNames,
  attemptWith: (diskName: string) => Promise<Moved | Changed>,
): Promise<NamedMove | Changed> {
  for (let attempt = 0; attempt < MOST_NAMES; attempt += 1) {
    const diskName = nameFor(attempt);
    const result = await attemptWith(diskName);
    if (result.status === 'done') return { ...result, diskName };
    if (result.what !== 'target') return result;
  }
  throw new DiskError('other', `No free name was found beside “${shownPath(at)}”: rename some of its copies.`);
}
