import type { DiskNames } from '../../disk/paths.ts';
import { type DiskStat, mtimeMsOf } from '../../model.ts';
import {
  type Changed,
  changed,
  type FolderSyncs,
  guardedPath,
  isAsExpected,
  type LocalDisk,
  operate,
  withExecutable,
} from './localDisk.ts';
import type { Moved } from './move.ts';

export interface Metadata {
  readonly at: DiskNames;
  /** What was observed there. */
  readonly expected: DiskStat;
  /** Unix ms. */
  readonly mtimeMs: number;
  readonly executable: boolean;
}

/** Sets a file's mtime and executable bit and nothing else. Throws DiskError. */
export function setMetadata(disk: LocalDisk, metadata: Metadata, syncs?: FolderSyncs): Promise<Moved | Changed> {
  const { at, expected, mtimeMs, executable } = metadata;
  return operate(disk, at, syncs, async (): Promise<Moved | Changed> => {
    const { fs, root } = disk;
    const path = await guardedPath(disk, at);
    if (path === undefined) return changed('parent');
    const before = await fs.lstat(path);
    if (!isAsExpected(before, expected) || before.kind !== 'file') return changed('source');
    if (root.executableBit && before.executable !== executable) await fs.setExecutable(path, executable);
    if (mtimeMsOf(before) !== mtimeMs) await fs.setMtime(path, mtimeMs);
    await fs.syncFile(path);
    const stat = await fs.lstat(path);
    if (stat?.kind !== 'file' || stat.ino !== expected.ino || stat.size !== expected.size) return changed('source');
    return { status: 'done', stat: withExecutable(disk, stat, executable) };
  });
}
