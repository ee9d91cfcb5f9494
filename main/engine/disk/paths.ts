import { join, sep } from 'node:path';
import { DiskError } from './diskError.ts';
import { type Filesystem, isSyncable } from './filesystem.ts';

/** Names from the root down, exactly as the disk has them. */
export type DiskNames = readonly string[];

const IS_WINDOWS = process.platform === 'win32';
const WINDOWS_FORBIDDEN = /[<>:"|?*\\]|[. ]$|^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;

/**
 * Why this computer cannot hold a name, as a clause; undefined when it can. Everything that could lead a path out of
 * the root is refused here.
 */
export function refusedHere(name: string): string | undefined {
  if (name === '' || name === '.' || name === '..') return 'it is not a name';
  if (name.includes('/') || name.includes(sep)) return 'it contains a separator';
  if (name.includes('\0')) return 'it contains a null character';
  if (IS_WINDOWS && WINDOWS_FORBIDDEN.test(name)) return 'Windows does not allow it';
  return undefined;
}

/** The absolute path of something inside the root; throws DiskError `name-refused`. The root itself has no names. */
export function pathInside(root: string, names: DiskNames): string {
  for (const name of names) {
    const fault = refusedHere(name);
    if (fault !== undefined) {
      throw new DiskError('name-refused', `This computer cannot hold the name “${name}”, because ${fault}: rename it.`);
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
