import { dirname } from 'node:path';
import { asDiskError } from '../../disk/diskError.ts';
import { errorCode, type Filesystem, isAbsence, type Sight } from '../../disk/filesystem.ts';
import { inLanes } from '../../disk/lanes.ts';
import { type DiskNames, isRealFolder, pathInside, shownPath } from '../../disk/paths.ts';
import type { Root } from '../../disk/root.ts';
import { type DiskStat, sameObservation } from '../../model.ts';
import type { Clock, Random } from '../../ports.ts';
import type { Ignores } from '../../scan/ignore.ts';

/** What every operation on the disk works with. */
export interface LocalDisk {
  readonly fs: Filesystem;
  readonly root: Root;
  readonly clock: Clock;
  readonly random: Random;
  /** What stays on this disk when a folder is deleted. */
  readonly ignores: Ignores;
  /** This device's name, for conflict copies. */
  readonly device: string;
}

/** The disk is not what was observed: nothing was done, look again there. */
export interface Changed {
  readonly status: 'changed';
  readonly what: 'parent' | 'source' | 'target';
}

export const changed = (what: Changed['what']): Changed => ({ status: 'changed', what });

const FOLDERS_AT_ONCE = 16;

/**
 * Folders whose names are to be made durable. Handing the same one to several operations syncs each folder once; their
 * results may be recorded when `flush` has resolved.
 */
export class FolderSyncs {
  readonly #fs: Filesystem;
  readonly #folders = new Set<string>();

  constructor(fs: Filesystem) {
    this.#fs = fs;
  }

  add(folder: string): void {
    this.#folders.add(folder);
  }

  /** The folder that holds this path. */
  addParentOf(path: string): void {
    this.add(dirname(path));
  }

  async flush(): Promise<void> {
    const folders = [...this.#folders];
    this.#folders.clear();
    await inLanes(folders, FOLDERS_AT_ONCE, async (folder) => {
      try {
        await this.#fs.syncFolder(folder);
      } catch (error) {
        // A folder that is gone has no names to keep.
        if (!isAbsence(error)) throw asDiskError(error, folder);
      }
    });
  }
}

/**
 * Runs one operation. What a person will want to know about is thrown as DiskError; absence on the way means that
 * something moved meanwhile. Syncs at once unless the caller collects.
 */
export async function operate<Result>(
  disk: LocalDisk,
  names: DiskNames,
  syncs: FolderSyncs | undefined,
  work: (syncs: FolderSyncs) => Promise<Result | Changed>,
): Promise<Result | Changed> {
  const ours = syncs ?? new FolderSyncs(disk.fs);
  try {
    const result = await work(ours);
    if (syncs === undefined) await ours.flush();
    return result;
  } catch (error) {
    if (isAbsence(error)) return changed('parent');
    throw asDiskError(error, shownPath(names));
  }
}

/** The path, when every folder above it is a real folder inside the root; undefined when one is not. */
export async function guardedPath({ fs, root }: LocalDisk, names: DiskNames): Promise<string | undefined> {
  const path = pathInside(root.path, names);
  if (names.length === 0) return undefined;
  return (await isRealFolder(fs, root.path, names.slice(0, -1))) ? path : undefined;
}

export const isAsExpected = (sight: Sight | undefined, expected: DiskStat): sight is DiskStat =>
  sight !== undefined && (sight.kind === 'file' || sight.kind === 'folder') && sameObservation(sight, expected);

/** The disk cannot make a second name for a file: FAT, some network disks, or a file with too many names. */
export function isLinkRefused(error: unknown): boolean {
  const code = errorCode(error);
  return code === 'EPERM' || code === 'ENOTSUP' || code === 'EOPNOTSUPP' || code === 'ENOSYS' || code === 'EMLINK';
}

/** On a disk without an executable bit, what was asked for, or known before, counts. */
export const withExecutable = (disk: LocalDisk, stat: DiskStat, executable: boolean): DiskStat =>
  disk.root.executableBit ? stat : { ...stat, executable };
