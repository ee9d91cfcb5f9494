import { basename } from 'node:path';
import type { NodeId } from '../../../../shared/ids.ts';
import { errorCode, type Sight } from '../../disk/filesystem.ts';
import { type DiskNames, pathInside, shownPath } from '../../disk/paths.ts';
import { parkingPlace } from '../../disk/tmp.ts';
import { type DiskStat, renamed } from '../../model.ts';
import { carryOff } from './carryOff.ts';
import { hasDouble } from './double.ts';
import {
  type Changed,
  changed,
  type FolderSyncs,
  guardedPath,
  isAsExpected,
  isLinkRefused,
  type LocalDisk,
  operate,
  withExecutable,
} from './localDisk.ts';
import { putBack } from './putBack.ts';
import { taken } from './taken.ts';
import { undoPlace } from './undo.ts';

export interface Move {
  readonly from: DiskNames;
  readonly to: DiskNames;
  /** What was observed at `from`. */
  readonly expected: DiskStat;
}

export interface Moved {
  readonly status: 'done';
  readonly stat: DiskStat;
}

/** Moves or renames a file or folder; never overwrites: a taken name is `changed` `target`. Throws DiskError as `makeFolder`. */
export function moveEntry(disk: LocalDisk, move: Move, syncs?: FolderSyncs): Promise<Moved | Changed> {
  return operate(disk, move.to, syncs, async (pending): Promise<Moved | Changed> => {
    const from = await guardedPath(disk, move.from);
    const to = await guardedPath(disk, move.to);
    if (from === undefined) return changed('source');
    if (to === undefined) return changed('parent');
    const { fs } = disk;
    const found = await fs.lstat(from);
    if (!isAsExpected(found, move.expected)) return changed('source');
    const there = await fs.lstat(to);
    if (there !== undefined && !(await isSameUnderOtherName(disk, move, found)))
      return taken(disk, move.to, found.kind);
    if (there === undefined && (await hasDouble(disk, to))) return changed('target');
    const moved =
      there === undefined && found.kind === 'file'
        ? await moveFile(disk, from, to, found)
        : await rename(disk, from, to);
    if (moved.status === 'changed') return moved;
    pending.addParentOf(from);
    pending.addParentOf(to);
    const now = await fs.lstat(to);
    const isThere = now?.kind === found.kind && now.ino === found.ino;
    // What became of it since it arrived, the next look finds out.
    const stat = isThere ? now : moved.stat;
    return stat ? { status: 'done', stat: withExecutable(disk, stat, move.expected.executable) } : changed('target');
  });
}

/**
 * Takes a node out of the way into `.driftless/tmp`, so that others can have its name. `emptyTmp` knows it again. Nobody
 * else takes a name there, so what lies under it afterwards is what was taken.
 */
export function park(
  disk: LocalDisk,
  { id, from, expected }: { readonly id: NodeId; readonly from: DiskNames; readonly expected: DiskStat },
  syncs?: FolderSyncs,
): Promise<Moved | Changed> {
  return operate(disk, from, syncs, async (pending): Promise<Moved | Changed> => {
    const path = await guardedPath(disk, from);
    const place = await guardedPath(disk, parkingPlace(id));
    if (path === undefined || place === undefined) return changed('parent');
    if ((await disk.fs.lstat(place)) !== undefined) return changed('target');
    return carryOff(disk, path, place, expected, pending);
  });
}

/** Puts a parked node into its place. */
export const unpark = (
  disk: LocalDisk,
  { id, to, expected }: { readonly id: NodeId; readonly to: DiskNames; readonly expected: DiskStat },
  syncs?: FolderSyncs,
): Promise<Moved | Changed> => moveEntry(disk, { from: parkingPlace(id), to, expected }, syncs);

/** Makes a folder; `changed` `target` when the name is taken. Throws DiskError, `in-the-way` when what has it is never synced. */
export function makeFolder(disk: LocalDisk, names: DiskNames, syncs?: FolderSyncs): Promise<Moved | Changed> {
  return operate(disk, names, syncs, async (pending): Promise<Moved | Changed> => {
    const path = await guardedPath(disk, names);
    if (path === undefined) return changed('parent');
    if (await hasDouble(disk, path)) return changed('target');
    try {
      await disk.fs.mkdir(path);
    } catch (error) {
      if (errorCode(error) === 'EEXIST') return taken(disk, names, 'folder');
      throw error;
    }
    pending.addParentOf(path);
    const stat = await disk.fs.lstat(path);
    return stat?.kind === 'folder' ? { status: 'done', stat } : changed('target');
  });
}

/**
 * A link first: unlike rename it refuses a name that was taken a moment ago. Only one of the two names goes, so a crash
 * between leaves one file under both.
 */
async function moveFile(disk: LocalDisk, from: string, to: string, expected: DiskStat): Promise<Arrived | Changed> {
  const { fs } = disk;
  try {
    await fs.link(from, to);
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return changed('target');
    if (!isLinkRefused(error)) throw error;
    return rename(disk, from, to);
  }
  const linked = await fs.lstat(to);
  if (linked?.kind !== 'file' || linked.ino !== expected.ino) {
    // Saved anew right before: it is the new file that has got another name, and it had better not keep it.
    if (linked?.kind === 'file' && linked.links > 1) await takeNameAway(disk, to, linked);
    return changed('source');
  }
  try {
    await takeNameAway(disk, from, expected);
  } catch (error) {
    await fs.unlink(to);
    throw error;
  }
  return { status: 'done', stat: { ...renamed(linked), links: expected.links } };
}

/** `stat`: as it arrived, where that is certain. */
interface Arrived {
  readonly status: 'done';
  readonly stat: DiskStat | undefined;
}

/**
 * A file saved anew under the old name is a new one and stays. However late one looks, it may be saved right after: so
 * the name goes into undo together with whatever has it, and that is looked at there.
 */
export async function takeNameAway(disk: LocalDisk, path: string, expected: DiskStat): Promise<void> {
  const { fs } = disk;
  const isMoved = (sight: Sight | undefined): boolean => sight?.kind === 'file' && sight.ino === expected.ino;
  if (!isMoved(await fs.lstat(path))) return;
  const aside = await undoPlace(disk, basename(path));
  await fs.rename(path, aside);
  if (isMoved(await fs.lstat(aside))) await fs.unlink(aside);
  else await putBack(disk, aside, path);
}

async function rename({ fs }: LocalDisk, from: string, to: string): Promise<Arrived | Changed> {
  try {
    await fs.rename(from, to);
    return { status: 'done', stat: undefined };
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ENOTEMPTY' || code === 'EEXIST' || code === 'EISDIR') return changed('target');
    // A folder cannot become its own child, nor leave its disk: the plan was made for another tree.
    if (code === 'EINVAL' || code === 'EXDEV') return changed('parent');
    throw error;
  }
}

/**
 * On a disk that ignores case or Unicode form, `a` is found where `A` is to be: the entry itself. Two hard links look the
 * same, but then the folder lists both names.
 */
async function isSameUnderOtherName({ fs, root }: LocalDisk, { from, to }: Move, found: DiskStat): Promise<boolean> {
  const there = await fs.lstat(pathInside(root.path, to));
  if (there?.kind !== found.kind || there.ino !== found.ino || there.dev !== found.dev) return false;
  if (shownPath(from) === shownPath(to)) return false;
  const name = to.at(-1);
  const siblings = await fs.names(pathInside(root.path, to.slice(0, -1)));
  return !siblings.includes(name ?? '');
}
