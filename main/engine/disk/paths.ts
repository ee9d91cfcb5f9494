import { join, sep } from 'node:path';
import { DiskError } from './diskError.ts';
import { type Filesystem, isSyncable } from './filesystem.ts';
import { portableName } from './portableName.ts';

/** Names from the root down, exactly as the disk has them. */
export type DiskNames = readonly string[];

/**
 * Why this computer cannot hold a name, as a clause; undefined when it can. Everything that could lead a path out of
 * the root is refused here. Windows takes fewer names than others, and opens something else for some of them.
 */
export function refusedHere(name: string, platform: NodeJS.Platform = process.platform): string | undefined {
  if (name === '' || name === '.' || name === '..') return 'it is not a name';
  if (name.includes('/') || name.includes(sep)) return 'it contains a separator';
  if (name.includes('\0')) return 'it contains a null character';
  if (platform === 'win32' && portableName(name) !== name) return 'Windows does not allow it';
  return undefined;
}

/** The absolute path of something inside the root; throws DiskError `name-refused`. The root itself has no names. */
export function pathInside(root: string, names: DiskNames, platform?: NodeJS.Platform): string {
  for (const name of names) {
    const fault = refusedHere(name, platform);
    if (fault !== undefined) {
      const message = `This computer cannot hold the name “${name}”, because ${fault}: rename it on another device, for instance to “${portableName(name)}”.`;
      throw new DiskError('name-refused', message);
    }
  }
  return join(root, ...names);
}

/**
 * Whether everything from the root down to these names is a real folder on the root's own disk. Asked before every
 * operation: a symbolic link put in a parent's place must not lead it elsewhere, nor a disk mounted below.
 */
export async function isRealFolder(fs: Filesystem, root: string, names: DiskNames): Promise<boolean> {
  const top = await fs.lstat(root);
  if (top?.kind !== 'folder') return false;
  for (let depth = 1; depth <= names.length; depth += 1) {
    const sight = await fs.lstat(pathInside(root, names.slice(0, depth)));
    if (sight === undefined || !isSyncable(sight) || sight.kind !== 'folder' || sight.dev !== top.dev) return false;
  }
  return true;
}

/** How a person knows the path. */
export const shownPath = (names: DiskNames): string => names.join('/');
