import { hash } from 'node:crypto';
import { FileFailure, fileFailure } from '../../main/engine/hash/fileFailure.ts';
import type { FileToWrite, Hasher, SmallFile, WriteOutcome } from '../../main/engine/hash/hasher.ts';
import { type DiskStat, sameObservation } from '../../main/engine/model.ts';
import { SMALL_FILE_BYTES } from '../../shared/api/limits.ts';
import { contentOf } from './contents.ts';
import type { Disk } from './disk.ts';
import type { Io } from './io.ts';

const changed = (path: string): FileFailure => new FileFailure('changed', `changed while it was read: ${path}`);

/** Reads, chunks and writes files of the simulated disk as the threads do on a real one. */
export function simulatedHasher(disk: Disk, io: Io): Hasher {
  /** The bytes, if the file was the same before and after they were read. */
  const read = async (path: string): Promise<{ bytes: Uint8Array; stat: DiskStat }> => {
    const inode = await io.do(() => disk.file(path));
    const before = disk.statOf(inode);
    const { bytes } = inode;
    const after = await io.do(() => disk.statOf(inode));
    if (!sameObservation(before, after)) throw changed(path);
    return { bytes, stat: before };
  };

  const readSmall = async (path: string): Promise<SmallFile> => {
    try {
      const { bytes, stat } = await read(path);
      if (bytes.length > SMALL_FILE_BYTES) return { ok: false, code: 'too-large' };
      return { ok: true, stat, ...contentOf(bytes) };
    } catch (error) {
      return { ok: false, code: fileFailure(error).code };
    }
  };

  const writeSmall = async (bytes: Uint8Array, file: FileToWrite): Promise<WriteOutcome> => {
    const content = bytes.slice(file.start, file.end);
    if (contentOf(content).contentId !== file.contentId) return 'damaged';
    try {
      const inode = await io.do(() => {
        if (disk.lstat(file.to)) disk.unlink(file.to);
        return disk.create(file.to);
      });
      await io.do(() => disk.write(inode, content, file.to));
      inode.executable = file.executable;
      inode.mtimeNs = BigInt(file.mtimeMs) * 1_000_000n;
      await io.do(() => disk.sync(inode));
      return 'written';
    } catch (error) {
      return fileFailure(error).code;
    }
  };

  const chunked = async (path: string) => {
    try {
      const { bytes, stat } = await read(path);
      return { ...contentOf(bytes), stat };
    } catch (error) {
      throw fileFailure(error);
    }
  };

  return {
    async chunkFile(path, { size, from, signal, onChunks }) {
      const { bytes, chunks, stat } = await chunked(path);
      signal?.throwIfAborted();
      if (bytes.length !== size) throw changed(path);
      let at = 0;
      for (const chunk of chunks) {
        const start = at;
        at += chunk[1];
        if (start >= from) await onChunks([chunk], at);
        signal?.throwIfAborted();
      }
      return stat;
    },
    readSmall: (paths) => Promise.all(paths.map(readSmall)),
    async hashFile(path, signal) {
      const { contentId, stat } = await chunked(path);
      signal?.throwIfAborted();
      return { contentId, stat };
    },
    hashWritten: (path, from, lengths) =>
      io.do(() => {
        const { bytes } = disk.file(path);
        let at = from;
        return lengths.map((length) => {
          const piece = bytes.subarray(at, at + length);
          at += length;
          return chunkHash(piece);
        });
      }),
    copyChunks: (from, to, copies) =>
      io.do(() => {
        const source = disk.lstat(from)?.kind === 'file' ? disk.file(from).bytes : undefined;
        if (!source) throw new FileFailure('missing', from);
        const target = disk.file(to);
        return copies.map(({ hash, length, fromOffset, toOffset }) => {
          const piece = source.subarray(fromOffset, fromOffset + length);
          if (piece.length !== length || chunkHash(piece) !== hash) return false;
          const bytes = new Uint8Array(Math.max(target.bytes.length, toOffset + length));
          bytes.set(target.bytes);
          bytes.set(piece, toOffset);
          disk.write(target, bytes, to);
          return true;
        });
      }),
    writeSmall: (bytes, files) => Promise.all(files.map((file) => writeSmall(bytes, file))),
    prepare: () => undefined,
    close: () => Promise.resolve(),
  };
}

/** A chunk is no file: it is hashed as it is. */
const chunkHash = (piece: Uint8Array): string => hash('sha256', piece, 'hex');
