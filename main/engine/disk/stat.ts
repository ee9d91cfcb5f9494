import type { BigIntStats } from 'node:fs';
import type { DiskStat } from '../model.ts';

/** Windows has no executable bit: Node makes one up there from the name. */
const HAS_EXECUTABLE_BIT = process.platform !== 'win32';
const OWNER_MAY_EXECUTE = 0o100n;

/**
 * The change time is left out where it would have files read for nothing: of those with several names, which programs that
 * keep backups link and unlink every day, and on disks that know no birth time either, many of which make it up.
 */

/**
 * What a look at the disk told, from `lstat` (or `fstat`) with `{ bigint: true }`; undefined for anything that is
 * neither a file nor a folder: symbolic links, sockets, pipes, devices.
 */
export function diskStat(stats: BigIntStats): DiskStat | undefined {
  const kind = stats.isFile() ? 'file' : stats.isDirectory() ? 'folder' : undefined;
  if (kind === undefined) return undefined;
  const birthNs = stats.birthtimeNs > 0n ? stats.birthtimeNs : 0n;
  return {
    kind,
    size: kind === 'file' ? Number(stats.size) : 0,
    mtimeNs: stats.mtimeNs,
    ino: stats.ino,
    dev: stats.dev,
    birthNs,
    changeNs: kind === 'file' && stats.nlink === 1n && birthNs !== 0n ? stats.ctimeNs : 0n,
    links: Number(stats.nlink),
    executable: kind === 'file' && HAS_EXECUTABLE_BIT && (stats.mode & OWNER_MAY_EXECUTE) !== 0n,
  };
}
