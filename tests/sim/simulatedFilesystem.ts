import type { Filesystem, ListedName, OpenFile } from '../../main/engine/disk/filesystem.ts';
import { type Disk, DiskFault, type Inode } from './disk.ts';
import type { Io } from './io.ts';

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** The engine's disk: every call is an access of its own, and a listing is as many as it has names. */
export function simulatedFilesystem(disk: Disk, io: Io): Filesystem {
  const lstat = (path: string) => io.do(() => disk.lstat(path));
  const create = (path: string, bytes: Uint8Array): Inode => {
    const inode = disk.create(path);
    if (bytes.length > 0) disk.write(inode, bytes, path);
    return inode;
  };
  return {
    lstat,
    async list(folder) {
      const names = await io.do(() => disk.names(folder));
      const listed: ListedName[] = [];
      for (const name of names) {
        const sight = await lstat(`${folder}/${name}`);
        if (sight) listed.push({ name, sight });
      }
      return listed;
    },
    names: (folder) => io.do(() => disk.names(folder)),
    realpath: (path) =>
      io.do(() => {
        disk.at(path);
        return path;
      }),
    link: (existing, created) => io.do(() => disk.link(existing, created)),
    rename: (from, to) => io.do(() => disk.rename(from, to)),
    renameOver: (from, to, isRight) =>
      io.do(() => {
        const is = isRight(disk.lstat(to));
        if (is) disk.rename(from, to);
        return is;
      }),
    unlink: (path) => io.do(() => disk.unlink(path)),
    rmdir: (folder) => io.do(() => disk.rmdir(folder)),
    mkdir: (folder) => io.do(() => disk.mkdir(folder)),
    copy: (from, to) => io.do(() => void create(to, disk.file(from).bytes)),
    setMtime: (path, mtimeMs) => io.do(() => disk.setMtime(path, mtimeMs)),
    setExecutable: (path, executable) => io.do(() => disk.setExecutable(disk.at(path), executable, path)),
    copyPermissions: (from, to) =>
      io.do(() => {
        const { executable, readable } = disk.at(from);
        const inode = disk.at(to);
        inode.readable = readable;
        disk.setExecutable(inode, executable, to);
      }),
    syncFile: (path) => io.do(() => disk.sync(disk.at(path))),
    syncFolder: (folder) =>
      io.do(() => {
        disk.at(folder);
        disk.syncNames();
      }),
    open: (path, how) =>
      io.do(() => opened(disk, io, path, how === 'create' ? create(path, new Uint8Array(0)) : disk.file(path))),
    readText: (path) => io.do(() => decoder.decode(disk.file(path).bytes)),
    writeText: (path, text) => io.do(() => disk.sync(create(path, encoder.encode(text)))),
    totalBytes: () => io.do(() => 1e12),
  };
}

function opened(disk: Disk, io: Io, path: string, inode: Inode): OpenFile {
  if (inode.kind !== 'file') throw new DiskFault('EISDIR', path);
  return {
    stat: () => io.do(() => disk.statOf(inode)),
    read: (into, length, position) =>
      io.do(() => {
        const piece = inode.bytes.subarray(position, position + length);
        into.set(piece);
        return piece.length;
      }),
    write: (pieces, position) =>
      io.do(() => {
        const added = pieces.reduce((sum, piece) => sum + piece.length, 0);
        const bytes = new Uint8Array(Math.max(inode.bytes.length, position + added));
        bytes.set(inode.bytes);
        let at = position;
        for (const piece of pieces) {
          bytes.set(piece, at);
          at += piece.length;
        }
        disk.write(inode, bytes, path);
        return added;
      }),
    truncate: (size) => io.do(() => disk.write(inode, inode.bytes.slice(0, size), path)),
    sync: () => io.do(() => disk.sync(inode)),
    close: () => Promise.resolve(),
  };
}
