import type { BigIntStats } from 'node:fs';
import type { DiskStat } from '../model.ts';

/** Windows has no executable bit: Node makes one up there from the name. */
const HAS_EXECUTABLE_BIT = process.platform !== 'win32';
const OWNER_MAY_EXECUTE = 0o100n;

/**
 * What a look at the disk told, from `lstat` (or `fstat`) with `{ bigint: true }`; undefined for anything that is
 * neither a file nor a folder: symbolic links, sockets, pipes, devices.
 */
export function diskStat(stats: BigIntStats): DiskStat | undefined {
  const kind = stats.isFile() ? 'file' : stats.isDirectory() ? 'folder' : undefined;
  if (kind === undefined) return undefined;
  return {
    kind,
    size: kind === 'file' ? Number(stats.size) : 0,
    mtimeNs: stats.mtimeNs,
    ino: stats.ino,
    dev: stats.dev,
    birthNs: stats.birthtimeNs > 0n ? stats.birthtimeNs : 0n,
    links: Number(stats.nlink),
    executable: kind === 'file' && HAS_EXECUTABLE_BIT && (stats.mode & OWNER_MAY_EXECUTE) !== 0n,
  };
}
