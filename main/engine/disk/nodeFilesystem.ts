import { isUtf8 } from 'node:buffer';
import { type BigIntStats, constants, lstat as lstatCallback, readdir as readdirCallback } from 'node:fs';
import {
  chmod,
  chown,
  copyFile,
  link,
  lutimes,
  mkdir,
  open,
  lstat as plainLstat,
  readdir,
  readFile,
  realpath,
  rename,
  rmdir,
  statfs,
  unlink,
} from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode, type Filesystem, isAbsence, type ListedName, type Sight } from './filesystem.ts';
import { secondsForMtime } from './mtime.ts';
import { diskStat } from './stat.ts';

/** Looks under way at once in one folder: enough to keep the thread pool busy, few enough to keep memory flat. */
const LOOKS_AT_ONCE = 256;
const EXECUTE_BITS = 0o111;
const READ_BITS = 0o444;
const IS_WINDOWS = process.platform === 'win32';
/** Windows has no such flag; it makes no links without special rights either. */
const NO_FOLLOW = constants.O_NOFOLLOW ?? 0;

/** The real disk. Measured against a worker thread with synchronous calls, this is as fast and never blocks on a slow disk. */
export const nodeFilesystem: Filesystem = {
  lstat: (path) =>
    new Promise((resolve, reject) => {
      lstatCallback(path, { bigint: true }, (error, stats) => {
        if (!error) resolve(sightOf(stats));
        else if (isAbsence(error)) resolve(undefined);
        else reject(error);
      });
    }),
  list,
  names: (folder) => readdir(folder),
  realpath: (path) => realpath(path),
  link,
  rename,
  unlink,
  rmdir: (folder) => rmdir(folder),
  mkdir: async (folder, mode) => {
    await mkdir(folder, mode === undefined ? {} : { mode });
  },
  copy: (from, to) => copyFile(from, to, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE),
  setMtime: (path, mtimeMs) => {
    const seconds = secondsForMtime(mtimeMs);
    return lutimes(path, seconds, seconds);
  },
  setExecutable,
  copyPermissions,
  // Windows refuses to flush what was opened for reading only; elsewhere a read-only file must not be refused.
  syncFile: (path) => sync(path, IS_WINDOWS ? 'r+' : 'r'),
  syncFolder,
  readText: (path) => readFile(path, 'utf8'),
  writeText: async (path, text) => {
    await using file = await open(path, 'wx', 0o600);
    await file.writeFile(text);
    await file.sync();
  },
  totalBytes: async (path) => {
    const { blocks, bsize } = await statfs(path);
    return blocks * bsize;
  },
};

function list(folder: string): Promise<readonly ListedName[]> {
  return new Promise((resolve, reject) => {
    readdirCallback(folder, { encoding: 'buffer' }, (error, names) => {
      if (error) reject(error);
      else lookAtEach(folder, names, resolve);
    });
  });
}

/** Callbacks instead of promises: for ten thousand files they cost half the time. */
function lookAtEach(folder: string, names: readonly Buffer[], done: (listed: readonly ListedName[]) => void): void {
  const listed: ListedName[] = [];
  let next = 0;
  let underWay = 0;
  const more = (): void => {
    while (next < names.length && underWay < LOOKS_AT_ONCE) {
      const bytes = names[next++];
      if (bytes === undefined) continue;
      const name = bytes.toString('utf8');
      if (!isUtf8(bytes)) {
        listed.push({ name, sight: null, errorCode: 'EILSEQ' });
        continue;
      }
      underWay += 1;
      lstatCallback(join(folder, name), { bigint: true }, (error, stats) => {
        underWay -= 1;
        if (!error) listed.push({ name, sight: sightOf(stats) });
        else if (!isAbsence(error)) listed.push({ name, sight: null, errorCode: errorCode(error) ?? 'EIO' });
        more();
      });
    }
    if (underWay === 0 && next >= names.length) done(listed);
  };
  more();
}

function sightOf(stats: BigIntStats): Sight {
  const stat = diskStat(stats);
  if (stat) return stat;
  if (stats.isSymbolicLink()) return { kind: 'symbolic link' };
  if (stats.isSocket()) return { kind: 'socket' };
  if (stats.isFIFO()) return { kind: 'pipe' };
  return { kind: 'device' };
}

async function setExecutable(path: string, executable: boolean): Promise<void> {
  await using file = await open(path, constants.O_RDONLY | NO_FOLLOW);
  const { mode } = await file.stat();
  await file.chmod(executable ? mode | ((mode & READ_BITS) >> 2) : mode & ~EXECUTE_BITS);
}

async function copyPermissions(from: string, to: string): Promise<void> {
  const [wanted, actual] = await Promise.all([plainLstat(from), plainLstat(to)]);
  if (wanted.uid !== actual.uid || wanted.gid !== actual.gid) {
    await chown(to, wanted.uid, wanted.gid).catch((error: unknown) => {
      // Only root may give files away; everybody else keeps what was made.
      if (errorCode(error) !== 'EPERM') throw error;
    });
  }
  if (wanted.mode !== actual.mode) await chmod(to, wanted.mode);
}

async function sync(path: string, flags: 'r' | 'r+'): Promise<void> {
  await using file = await open(path, flags);
  await file.sync();
}

async function syncFolder(folder: string): Promise<void> {
  if (IS_WINDOWS) return;
  try {
    await sync(folder, 'r');
  } catch (error) {
    // Some network and FUSE disks cannot sync a folder: nothing more can be done there.
    const code = errorCode(error);
    if (code !== 'EINVAL' && code !== 'ENOTSUP') throw error;
  }
}
