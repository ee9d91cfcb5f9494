import { join } from 'node:path';
import { MAX_NAME_BYTES, nameBytes, splitExtension } from '../../../../shared/names.ts';
import { errorCode, isAbsence } from '../../disk/filesystem.ts';
import { inLanes } from '../../disk/lanes.ts';
import { undoFolder } from '../../disk/root.ts';
import type { DiskStat } from '../../model.ts';
import { isAsExpected, isLinkRefused, type LocalDisk } from './localDisk.ts';

const KEPT_DAYS = 30;
const DAY_MS = 86_400_000;
/** Of the whole disk. */
const MOST_SHARE = 0.1;
/** What came here so recently may still be needed by the operation that put it here, however full the disk is. */
const IN_USE_MS = 10 * 60_000;
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const LOOKS_AT_ONCE = 16;

/**
 * Where a file about to be replaced or removed will lie: `.driftless/undo/2026-11-20/140233-k3f9x2-name.txt`. The day's
 * folder exists on return; names begin with the UTC time, so they sort by age.
 */
export async function undoPlace({ fs, root, clock, random }: LocalDisk, name: string): Promise<string> {
  const [day = '', time = ''] = new Date(clock.now()).toISOString().split('T');
  const folder = join(undoFolder(root), day);
  try {
    await fs.mkdir(folder, 0o700);
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
  }
  const unique = Math.floor(random.fraction() * 36 ** 6)
    .toString(36)
    .padStart(6, '0');
  return join(folder, fitting(`${time.slice(0, 8).replaceAll(':', '')}-${unique}-`, name));
}

export interface Kept {
  readonly path: string;
  /** The very file, so that what is written into it later shows; false for a copy. */
  readonly linked: boolean;
}

/**
 * Gives the file a second name in undo before another takes its place, as a copy where the disk cannot link. undefined
 * when the file is not what was expected any more.
 */
export async function keepInUndo(
  disk: LocalDisk,
  path: string,
  name: string,
  expected: DiskStat,
): Promise<Kept | undefined> {
  const { fs } = disk;
  const kept = await undoPlace(disk, name);
  try {
    const linked = await linkOrCopy(disk, path, kept);
    if (isAsExpected(await fs.lstat(linked ? kept : path), expected)) return { path: kept, linked };
  } catch (error) {
    await unlinkIfThere(disk, kept);
    throw error;
  }
  await unlinkIfThere(disk, kept);
  return undefined;
}

async function linkOrCopy({ fs }: LocalDisk, path: string, kept: string): Promise<boolean> {
  try {
    await fs.link(path, kept);
    return true;
  } catch (error) {
    if (!isLinkRefused(error)) throw error;
    await fs.copy(path, kept);
    return false;
  }
}

/**
 * Deletes what is older than 30 days, then the oldest until undo takes at most a tenth of the disk; what came in the last
 * ten minutes stays. `now` is Unix ms.
 */
export async function pruneUndo(
  disk: LocalDisk,
  now: number,
): Promise<{ readonly deleted: number; readonly bytesKept: number }> {
  const { fs, root } = disk;
  const top = undoFolder(root);
  const oldest = new Date(now - KEPT_DAYS * DAY_MS).toISOString().slice(0, 10);
  const days = (await fs.names(top)).filter((name) => DAY.test(name)).sort();
  const kept: UndoFile[] = [];
  let deleted = 0;
  for (const day of days) {
    const files = await filesOf(disk, top, day);
    if (day >= oldest) kept.push(...files);
    else deleted += await unlinkAll(disk, files);
  }
  const limit = (await fs.totalBytes(root.path)) * MOST_SHARE;
  let bytes = kept.reduce((sum, { size }) => sum + size, 0);
  const surplus: UndoFile[] = [];
  const inUseFrom = moment(new Date(now - IN_USE_MS));
  for (const file of kept) {
    if (bytes <= limit || file.since >= inUseFrom) break;
    bytes -= file.size;
    surplus.push(file);
  }
  deleted += await unlinkAll(disk, surplus);
  for (const day of days) await rmdirIfEmpty(disk, join(top, day));
  return { deleted, bytesKept: bytes };
}

interface UndoFile {
  readonly path: string;
  readonly size: number;
  /** As its folder and name tell it, to be compared with a `moment`. */
  readonly since: string;
}

/** `2026-11-20/140233` */
const moment = (date: Date): string => date.toISOString().slice(0, 19).replace('T', '/').replaceAll(':', '');

/** Oldest first. */
async function filesOf({ fs }: LocalDisk, top: string, day: string): Promise<UndoFile[]> {
  const files: UndoFile[] = [];
  for (const { name, sight } of await fs.list(join(top, day))) {
    if (sight?.kind !== 'file') continue;
    files.push({ path: join(top, day, name), size: sight.size, since: `${day}/${name.slice(0, 6)}` });
  }
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

async function unlinkAll(disk: LocalDisk, files: readonly { path: string }[]): Promise<number> {
  await inLanes(files, LOOKS_AT_ONCE, ({ path }) => unlinkIfThere(disk, path));
  return files.length;
}

export async function unlinkIfThere({ fs }: LocalDisk, path: string): Promise<void> {
  try {
    await fs.unlink(path);
  } catch (error) {
    if (!isAbsence(error)) throw error;
  }
}

async function rmdirIfEmpty({ fs }: LocalDisk, folder: string): Promise<void> {
  try {
    await fs.rmdir(folder);
  } catch (error) {
    if (errorCode(error) !== 'ENOTEMPTY' && errorCode(error) !== 'EEXIST' && !isAbsence(error)) throw error;
  }
}

function fitting(prefix: string, name: string): string {
  const { stem, extension } = splitExtension(name);
  const characters = [...stem];
  while (characters.length > 0 && nameBytes(prefix + characters.join('') + extension) > MAX_NAME_BYTES)
    characters.pop();
  return nameBytes(prefix + extension) > MAX_NAME_BYTES ? prefix : prefix + characters.join('') + extension;
}
