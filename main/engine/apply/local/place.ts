import { asDiskError, type DiskError } from '../../disk/diskError.ts';
import { errorCode } from '../../disk/filesystem.ts';
import { inLanes } from '../../disk/lanes.ts';
import { type DiskNames, shownPath } from '../../disk/paths.ts';
import { type DiskStat, mtimeMsOf, renamed } from '../../model.ts';
import { hasDouble } from './double.ts';
import {
  type Changed,
  changed,
  FolderSyncs,
  guardedPath,
  isAsExpected,
  isLinkRefused,
  type LocalDisk,
  operate,
} from './localDisk.ts';
import { putBack } from './putBack.ts';
import { taken } from './taken.ts';
import { keepInUndo, unlinkIfThere } from './undo.ts';

const FILES_AT_ONCE = 16;

export interface Placement {
  /** Absolute path in `.driftless/tmp` of the finished bytes, durable already. */
  readonly tmp: string;
  readonly target: DiskNames;
  /** What was observed at the target: that file is replaced. null: nothing, and nothing is ever overwritten. */
  readonly expected: DiskStat | null;
  /** Unix ms. */
  readonly mtimeMs: number;
  readonly executable: boolean;
}

export interface Placed {
  readonly status: 'done';
  readonly stat: DiskStat;
  /** Somebody wrote into the old file while it was being replaced: it lies beside as a conflict copy. */
  readonly conflict: boolean;
}

export interface PlacementFailed {
  readonly status: 'failed';
  readonly error: DiskError;
}

/**
 * Moves a finished file into place. A replaced file lies in undo afterwards. `changed` leaves the tmp file for another
 * try. Throws DiskError.
 */
export function placeFile(disk: LocalDisk, placement: Placement, syncs?: FolderSyncs): Promise<Placed | Changed> {
  const { target, tmp, expected } = placement;
  return operate(disk, target, syncs, async (pending): Promise<Placed | Changed> => {
    const path = await guardedPath(disk, target);
    if (path === undefined) return changed('parent');
    if (expected !== null && !isAsExpected(await disk.fs.lstat(path), expected)) return changed('target');
    const stat = await prepare(disk, placement, expected === null ? null : path);
    if (stat === undefined) return changed('source');
    const placed =
      expected === null ? await create(disk, tmp, path) : await replace(disk, tmp, path, target, expected, pending);
    if (placed.status === 'changed') {
      return expected === null && placed.what === 'target' ? taken(disk, target, 'file') : placed;
    }
    pending.addParentOf(path);
    const { executable } = placement;
    const seen = await disk.fs.lstat(path);
    const changeNs = isAsExpected(seen, renamed(stat)) ? seen.changeNs : stat.changeNs;
    return { status: 'done', stat: { ...stat, changeNs, links: 1, executable }, conflict: placed.conflict };
  });
}

/** Places many files, sixteen at once, and syncs each folder once at the end. Results are in the order of the placements. */
export async function placeFiles(
  disk: LocalDisk,
  placements: readonly Placement[],
): Promise<readonly (Placed | Changed | PlacementFailed)[]> {
  const syncs = new FolderSyncs(disk.fs);
  const results = await inLanes(placements, FILES_AT_ONCE, async (placement) => {
    try {
      return await placeFile(disk, placement, syncs);
    } catch (error) {
      return { status: 'failed', error: asDiskError(error, shownPath(placement.target)) } as const;
    }
  });
  await syncs.flush();
  return results;
}

/** Brings the tmp file's own attributes in order while nobody sees it; synced again only if there was something to do. */
async function prepare(
  { fs, root }: LocalDisk,
  { tmp, mtimeMs, executable }: Placement,
  replaced: string | null,
): Promise<DiskStat | undefined> {
  const found = await fs.lstat(tmp);
  if (found?.kind !== 'file') return undefined;
  const isTimeRight = mtimeMsOf(found) === mtimeMs;
  if (!isTimeRight) await fs.setMtime(tmp, mtimeMs);
  if (replaced !== null) await fs.copyPermissions(replaced, tmp);
  const now = replaced === null ? found : await fs.lstat(tmp);
  const isModeRight = !root.executableBit || (now?.kind === 'file' && now.executable === executable);
  if (!isModeRight) await fs.setExecutable(tmp, executable);
  if (isTimeRight && isModeRight) return found;
  await fs.syncFile(tmp);
  const ready = await fs.lstat(tmp);
  return ready?.kind === 'file' ? ready : undefined;
}

async function create(
  disk: LocalDisk,
  tmp: string,
  path: string,
): Promise<{ status: 'done'; conflict: false } | Changed> {
  const { fs } = disk;
  if (await hasDouble(disk, path)) return changed('target');
  try {
    await fs.link(tmp, path);
    await fs.unlink(tmp);
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return changed('target');
    if (!isLinkRefused(error)) throw error;
    if ((await fs.lstat(path)) !== undefined) return changed('target');
    await fs.rename(tmp, path);
  }
  return { status: 'done', conflict: false };
}

async function replace(
  disk: LocalDisk,
  tmp: string,
  path: string,
  target: DiskNames,
  expected: DiskStat,
  syncs: FolderSyncs,
): Promise<{ status: 'done'; conflict: boolean } | Changed> {
  const { fs } = disk;
  const kept = await keepInUndo(disk, path, target.at(-1) ?? '', expected);
  if (kept === undefined) return changed('target');
  try {
    if (!(await fs.renameOver(tmp, path, (sight) => isAsExpected(sight, expected)))) {
      await fs.unlink(kept.path);
      return changed('target');
    }
  } catch (error) {
    await unlinkIfThere(disk, kept.path);
    throw error;
  }
  syncs.addParentOf(kept.path);
  // A program that had the old file open may have written into it until the last moment.
  const conflict = kept.linked && !isAsExpected(await fs.lstat(kept.path), renamed(expected));
  if (conflict) await putBack(disk, kept.path, path);
  return { status: 'done', conflict };
}
