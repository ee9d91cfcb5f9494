import { isUtf8 } from 'node:buffer';
import { type BigIntStats, constants, lstat as lstatCallback, lstatSync, renameSync } from 'node:fs';
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
import { setImmediate as yieldToLoop } from 'node:timers/promises';
import { errorCode, type Filesystem, isAbsence, type ListedName, type OpenFile, type Sight } from './filesystem.ts';
import { inLanes } from './lanes.ts';
import { secondsForMtime } from './mtime.ts';
import { diskStat } from './stat.ts';

/**
 * Listing looks at every name. Synchronous calls in slices that leave the loop free in between cost a third of the CPU
 * time of the thread pool when the names are in the system's cache, which they nearly always are; where a slice gets
 * through few of them the disk is slow, and the rest goes to the thread pool.
 */
const SLICE_MS = 3;
const FAST_LOOKS_A_SLICE = 30;
const LOOKS_AT_ONCE = 64;
const EXECUTE_BITS = 0o111;
const READ_BITS = 0o444;
const IS_WINDOWS = process.platform === 'win32';
/** Windows has no such flag; it makes no links without special rights either. */
const NO_FOLLOW = constants.O_NOFOLLOW ?? 0;
const OPEN_FLAGS = {
  read: constants.O_RDONLY | NO_FOLLOW | (constants.O_NONBLOCK ?? 0),
  create: constants.O_RDWR | NO_FOLLOW | constants.O_CREAT | constants.O_EXCL,
  update: constants.O_RDWR | NO_FOLLOW,
} as const;

/** The real disk. */
export const nodeFilesystem: Filesystem = {
  lstat,
  list,
  names: (folder) => readdir(folder),
  realpath: (path) => realpath(path),
  link,
  rename,
  renameOver: async (from, to, isRight) => {
    const stats = lstatSync(to, { bigint: true, throwIfNoEntry: false });
    if (!isRight(stats && sightOf(stats))) return false;
    renameSync(from, to);
    return true;
  },
  unlink,
  rmdir: (folder) => rmdir(folder),
  mkdir: async (folder, mode) => {
    await mkdir(folder, mode === undefined ? {} : { mode });
  },
  copy: (from, to) => copyFile(from, to, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE),
  setMtime: (path, mtimeMs) => {
    // As text: Node takes a number below zero for the present moment.
    const seconds = String(secondsForMtime(mtimeMs));
    return lutimes(path, seconds, seconds);
  },
  setExecutable,
  copyPermissions,
  // Windows refuses to flush what was opened for reading only; elsewhere a read-only file must not be refused.
  syncFile: (path) => sync(path, IS_WINDOWS ? 'r+' : 'r'),
  syncFolder,
  open: openFile,
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

async function openFile(path: string, how: keyof typeof OPEN_FLAGS): Promise<OpenFile> {
  const file = await open(path, OPEN_FLAGS[how]);
  return {
    stat: async () => diskStat(await file.stat({ bigint: true })),
    read: async (into, length, position) => (await file.read(into, 0, length, position)).bytesRead,
    write: async (pieces, position) => (await file.writev(pieces, position)).bytesWritten,
    truncate: (size) => file.truncate(size),
    sync: () => file.sync(),
    close: () => file.close(),
  };
}

async function list(folder: string): Promise<readonly ListedName[]> {
  const names = await readdir(folder, { encoding: 'buffer' });
  const listed: ListedName[] = [];
  for (let next = 0; next < names.length; ) {
    const sliceEnd = performance.now() + SLICE_MS;
    const first = next;
    while (next < names.length && performance.now() < sliceEnd) {
      const found = lookSync(folder, names[next++]);
      if (found) listed.push(found);
    }
    if (next === names.length) break;
    if (next - first >= FAST_LOOKS_A_SLICE) {
      await yieldToLoop();
    } else {
      await lookAtEach(folder, names.slice(next), listed);
      break;
    }
  }
  return listed;
}

function lookSync(folder: string, bytes: Buffer | undefined): ListedName | undefined {
  if (bytes === undefined) return undefined;
  const name = bytes.toString('utf8');
  if (!isUtf8(bytes)) return { name, sight: null, errorCode: 'EILSEQ' };
  try {
    const stats = lstatSync(join(folder, name), { bigint: true, throwIfNoEntry: false });
    return stats && { name, sight: sightOf(stats) };
  } catch (error) {
    return isAbsence(error) ? undefined : { name, sight: null, errorCode: errorCode(error) ?? 'EIO' };
  }
}

async function lookAtEach(folder: string, names: readonly Buffer[], listed: ListedName[]): Promise<void> {
  await inLanes(names, LOOKS_AT_ONCE, async (bytes) => {
    const name = bytes.toString('utf8');
    if (!isUtf8(bytes)) {
      listed.push({ name, sight: null, errorCode: 'EILSEQ' });
      return;
    }
    try {
      const sight = await lstat(join(folder, name));
      if (sight) listed.push({ name, sight });
    } catch (error) {
      listed.push({ name, sight: null, errorCode: errorCode(error) ?? 'EIO' });
    }
  });
}

function lstat(path: string): Promise<Sight | undefined> {
  return new Promise((resolve, reject) => {
    lstatCallback(path, { bigint: true }, (error, stats) => {
      if (!error) resolve(sightOf(stats));
      else if (isAbsence(error)) resolve(undefined);
      else reject(error);
    });
  });
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
