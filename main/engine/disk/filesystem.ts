import type { DiskStat } from '../model.ts';

/** Something on disk that is never synced: it is named, not followed. */
export interface OtherEntry {
  readonly kind: 'symbolic link' | 'socket' | 'pipe' | 'device';
}

/** What a look at one path told. */
export type Sight = DiskStat | OtherEntry;

export const isSyncable = (sight: Sight): sight is DiskStat => sight.kind === 'file' || sight.kind === 'folder';

/** One name of a folder. A name that cannot be looked at has the reason as a Node error code, `EILSEQ` for one that is not UTF-8. */
export type ListedName =
  | { readonly name: string; readonly sight: Sight }
  | { readonly name: string; readonly sight: null; readonly errorCode: string };

/** A file held open, wherever its name goes meanwhile. Positions and lengths in bytes. Throws what Node throws. */
export interface OpenFile {
  /** undefined when it is neither a file nor a folder. */
  stat(): Promise<DiskStat | undefined>;
  /** Fills the beginning of `into` with up to `length` bytes; answers how many there were, 0 at the end. */
  read(into: Uint8Array, length: number, position: number): Promise<number>;
  /** Answers how many bytes of the pieces, one after the other, were written. */
  write(pieces: readonly Uint8Array[], position: number): Promise<number>;
  truncate(size: number): Promise<void>;
  /** Makes the bytes durable. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

/**
 * The disk as the engine sees it. Paths are absolute. Unless said otherwise a method throws what Node throws: an Error
 * with a `code` such as `ENOENT`.
 */
export interface Filesystem {
  /** What lies at the path itself, links not followed; undefined when nothing does. */
  lstat(path: string): Promise<Sight | undefined>;
  /** All names of a folder with what lies there, in no order. Names that vanish meanwhile are left out. */
  list(folder: string): Promise<readonly ListedName[]>;
  /** The names alone; one that is not UTF-8 comes garbled. */
  names(folder: string): Promise<readonly string[]>;
  realpath(path: string): Promise<string>;
  /** A second name for a file; `EEXIST` when the name is taken. */
  link(existing: string, created: string): Promise<void>;
  /** Replaces a file at the new path. */
  rename(from: string, to: string): Promise<void>;
  /**
   * Replaces what is at the new path if it is what it should be; answers whether it was. Nothing of this program happens
   * between the look and the rename: a file that somebody else saves under that name has some microseconds to be missed.
   */
  renameOver(from: string, to: string, isRight: (sight: Sight | undefined) => boolean): Promise<boolean>;
  unlink(path: string): Promise<void>;
  /** Only an empty folder. */
  rmdir(folder: string): Promise<void>;
  mkdir(folder: string, mode?: number): Promise<void>;
  /** The file's bytes under a new name, as a clone where the disk can; `EEXIST` when the name is taken. */
  copy(from: string, to: string): Promise<void>;
  /** Afterwards `mtimeMsOf` tells exactly this, where the disk can hold it. */
  setMtime(path: string, mtimeMs: number): Promise<void>;
  /** Whoever may read the file may execute it, or nobody. A symbolic link is an error. */
  setExecutable(path: string, executable: boolean): Promise<void>;
  /** Gives a file the owner and permissions of another, as far as this user may. */
  copyPermissions(from: string, to: string): Promise<void>;
  syncFile(path: string): Promise<void>;
  /** Makes the names in a folder durable; nothing where the platform cannot. */
  syncFolder(folder: string): Promise<void>;
  /**
   * Links are not followed. `read` does not wait for a pipe's writer · `create`: a new file, with the mode that any
   * program's new file would have; `EEXIST` when the name is taken · `update`: an existing one, to be read and written.
   */
  open(path: string, how: 'read' | 'create' | 'update'): Promise<OpenFile>;
  readText(path: string): Promise<string>;
  /** A new file, durable on return; `EEXIST` when the name is taken. */
  writeText(path: string, text: string): Promise<void>;
  /** Size of the disk that holds the path. */
  totalBytes(path: string): Promise<number>;
}

/** The `code` of a Node error; undefined for anything else. */
export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** Nothing lies at the path, or what should be a folder above it is not one. */
export function isAbsence(error: unknown): boolean {
  const code = errorCode(error);
  return code === 'ENOENT' || code === 'ENOTDIR';
}
