import type { DiskStat, Kind } from '../../main/engine/model.ts';

/** How a disk treats names: as they are, ignoring case, or storing decomposed Unicode and ignoring case. */
export type Names = 'exact' | 'caseless' | 'decomposed';

export type Author = 'person' | 'engine';

export interface Inode {
  readonly ino: bigint;
  readonly kind: Kind;
  readonly birthNs: bigint;
  mtimeNs: bigint;
  changeNs: bigint;
  links: number;
  executable: boolean;
  readable: boolean;
  /** Who wrote the content last. */
  author: Author;
  /** A file's content; never changed in place. */
  bytes: Uint8Array;
  /** What a power cut leaves of the content; undefined: all of it. */
  durable: { readonly bytes: Uint8Array; readonly mtimeNs: bigint } | undefined;
  /** A folder's entries by folded name. */
  readonly entries: Map<string, { readonly name: string; readonly inode: Inode }>;
}

export const EMPTY = new Uint8Array(0);
const DEV = 7n;

export class DiskFault extends Error {
  readonly code: string;
  constructor(code: string, path: string) {
    super(`${code}: ${path}`);
    this.code = code;
  }
}

interface Found {
  readonly folder: Inode;
  readonly key: string;
  readonly name: string;
  readonly entry: { readonly name: string; readonly inode: Inode } | undefined;
}

/**
 * A disk in memory, with inodes, hard links and the errors of a POSIX system. Names become durable in the order of the
 * changes, as a journal makes them; contents when they are synced. All calls are synchronous.
 */
export class Disk {
  readonly root: Inode;
  readonly #names: Names;
  readonly #nowNs: () => bigint;
  /** How to take back, the newest last, what a power cut may undo. */
  #undo: (() => void)[] = [];
  #unsynced = new Set<Inode>();
  #nextIno = 10n;
  /** Nothing more can be written. */
  full = false;
  /** Counts every change. */
  changes = 0;
  /** Told the path of every folder in which something changed. */
  onChange: ((folder: string) => void) | null = null;

  constructor(names: Names, nowNs: () => bigint) {
    this.#names = names;
    this.#nowNs = nowNs;
    this.root = this.#inode('folder');
  }

  lstat(path: string): DiskStat | undefined {
    const found = this.#find(path);
    return found && this.statOf(found);
  }

  statOf(inode: Inode): DiskStat {
    return {
      kind: inode.kind,
      size: inode.kind === 'file' ? inode.bytes.length : 0,
      mtimeNs: inode.mtimeNs,
      ino: inode.ino,
      dev: DEV,
      birthNs: inode.birthNs,
      changeNs: inode.kind === 'file' && inode.links === 1 ? inode.changeNs : 0n,
      links: inode.links,
      executable: inode.kind === 'file' && inode.executable,
    };
  }

  names(path: string): string[] {
    return [...this.#folder(path).entries.values()].map(({ name }) => name);
  }

  /** The inode at a path; throws ENOENT. */
  at(path: string): Inode {
    const inode = this.#find(path);
    if (!inode) throw new DiskFault('ENOENT', path);
    return inode;
  }

  /** The file at a path, to be read. */
  file(path: string): Inode {
    const inode = this.at(path);
    if (inode.kind !== 'file') throw new DiskFault('EISDIR', path);
    if (!inode.readable) throw new DiskFault('EACCES', path);
    return inode;
  }

  mkdir(path: string): void {
    const { folder, key, name, entry } = this.#locate(path);
    if (entry) throw new DiskFault('EEXIST', path);
    this.#room(path);
    this.#set(folder, key, name, this.#inode('folder'));
    this.#told(path);
  }

  rmdir(path: string): void {
    const { folder, key, entry } = this.#locate(path);
    if (!entry) throw new DiskFault('ENOENT', path);
    if (entry.inode.kind !== 'folder') throw new DiskFault('ENOTDIR', path);
    if (entry.inode.entries.size > 0) throw new DiskFault('ENOTEMPTY', path);
    this.#clear(folder, key);
    this.#told(path);
  }

  unlink(path: string): void {
    const { folder, key, entry } = this.#locate(path);
    if (!entry) throw new DiskFault('ENOENT', path);
    if (entry.inode.kind === 'folder') throw new DiskFault('EISDIR', path);
    this.#clear(folder, key);
    this.#told(path);
  }

  link(existing: string, created: string): void {
    const inode = this.at(existing);
    if (inode.kind !== 'file') throw new DiskFault('EPERM', existing);
    const { folder, key, name, entry } = this.#locate(created);
    if (entry) throw new DiskFault('EEXIST', created);
    this.#set(folder, key, name, inode);
    this.#told(created);
  }

  rename(from: string, to: string): void {
    const source = this.#locate(from);
    const target = this.#locate(to);
    const moved = source.entry?.inode;
    if (!moved) throw new DiskFault('ENOENT', from);
    const replaced = target.entry?.inode;
    if (moved.kind === 'folder' && this.#holds(moved, target.folder)) throw new DiskFault('EINVAL', to);
    const sameEntry = source.folder === target.folder && source.key === target.key;
    if (replaced && !sameEntry) {
      if (replaced === moved) return;
      if (replaced.kind === 'folder' && moved.kind !== 'folder') throw new DiskFault('EISDIR', to);
      if (replaced.kind !== 'folder' && moved.kind === 'folder') throw new DiskFault('ENOTDIR', to);
      if (replaced.kind === 'folder' && replaced.entries.size > 0) throw new DiskFault('ENOTEMPTY', to);
    }
    const before = this.#undo.length;
    this.#clear(source.folder, source.key);
    if (replaced && !sameEntry) this.#clear(target.folder, target.key);
    this.#set(target.folder, target.key, target.name, moved);
    // All of it or nothing.
    const steps = this.#undo.splice(before).reverse();
    this.#undo.push(() => {
      for (const undo of steps) undo();
    });
    this.#told(from);
    this.#told(to);
  }

  /** A new empty file. */
  create(path: string): Inode {
    const { folder, key, name, entry } = this.#locate(path);
    if (entry) throw new DiskFault('EEXIST', path);
    this.#room(path);
    const inode = this.#inode('file');
    this.#set(folder, key, name, inode);
    this.#told(path);
    return inode;
  }

  /** Gives an inode other content. Not durable before it is synced. */
  write(inode: Inode, bytes: Uint8Array, path = '', author: Author = 'engine'): void {
    this.#room(path);
    if (!this.#unsynced.has(inode)) {
      inode.durable = { bytes: inode.bytes, mtimeNs: inode.mtimeNs };
      this.#unsynced.add(inode);
    }
    inode.bytes = bytes;
    inode.author = author;
    inode.mtimeNs = this.#nowNs();
    inode.changeNs = this.#nowNs();
    this.#told(path);
  }

  setMtime(path: string, mtimeMs: number): void {
    const inode = this.at(path);
    inode.mtimeNs = BigInt(mtimeMs) * 1_000_000n;
    inode.changeNs = this.#nowNs();
    this.#told(path);
  }

  setExecutable(inode: Inode, executable: boolean, path: string): void {
    inode.executable = executable;
    inode.changeNs = this.#nowNs();
    this.#told(path);
  }

  /** Makes a file's content durable, and with it the journal. */
  sync(inode: Inode): void {
    inode.durable = undefined;
    this.#unsynced.delete(inode);
    this.#undo = [];
  }

  /** Makes all names durable. */
  syncNames(): void {
    this.#undo = [];
  }

  /**
   * What was not durable is lost: of the changes of names the last few, of the contents none, some or all. `fraction`
   * decides how much.
   */
  cutPower(fraction: () => number): void {
    const kept = Math.floor(fraction() * (this.#undo.length + 1));
    for (const undo of this.#undo.splice(kept).reverse()) undo();
    this.#undo = [];
    for (const inode of this.#unsynced) {
      inode.changeNs = this.#nowNs();
      const how = fraction();
      if (how < 0.4) {
        inode.bytes = inode.durable?.bytes ?? EMPTY;
        inode.mtimeNs = inode.durable?.mtimeNs ?? inode.mtimeNs;
      } else if (how < 0.7) inode.bytes = inode.bytes.slice(0, Math.floor(fraction() * inode.bytes.length));
      inode.durable = undefined;
    }
    this.#unsynced.clear();
    this.changes += 1;
  }

  /** Every file and folder below a folder, by path from it, in order of the names. */
  *walk(path: string): Generator<{ readonly path: string; readonly inode: Inode }> {
    yield* this.#walkIn(this.#folder(path), '');
  }

  *#walkIn(folder: Inode, prefix: string): Generator<{ readonly path: string; readonly inode: Inode }> {
    const entries = [...folder.entries.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const { name, inode } of entries) {
      yield { path: prefix + name, inode };
      if (inode.kind === 'folder') yield* this.#walkIn(inode, `${prefix}${name}/`);
    }
  }

  #inode(kind: Kind): Inode {
    const now = this.#nowNs();
    return {
      ino: this.#nextIno++,
      kind,
      birthNs: now,
      mtimeNs: now,
      changeNs: now,
      links: kind === 'folder' ? 2 : 0,
      executable: false,
      readable: true,
      author: 'engine',
      bytes: EMPTY,
      durable: undefined,
      entries: new Map(),
    };
  }

  #keyOf(name: string): string {
    return this.#names === 'exact' ? name : name.normalize('NFC').toLowerCase();
  }

  #find(path: string): Inode | undefined {
    let at: Inode | undefined = this.root;
    for (const part of path.split('/')) {
      if (part === '') continue;
      if (at === undefined) return undefined;
      if (at.kind !== 'folder') return undefined;
      at = at.entries.get(this.#keyOf(part))?.inode;
    }
    return at;
  }

  #folder(path: string): Inode {
    const folder = this.at(path);
    if (folder.kind !== 'folder') throw new DiskFault('ENOTDIR', path);
    return folder;
  }

  #locate(path: string): Found {
    const at = path.lastIndexOf('/');
    const folder = this.#folder(path.slice(0, at));
    const name = path.slice(at + 1);
    const key = this.#keyOf(name);
    const stored = this.#names === 'decomposed' ? name.normalize('NFD') : name;
    return { folder, key, name: stored, entry: folder.entries.get(key) };
  }

  #holds(folder: Inode, inner: Inode): boolean {
    if (folder === inner) return true;
    for (const { inode } of folder.entries.values()) {
      if (inode.kind === 'folder' && this.#holds(inode, inner)) return true;
    }
    return false;
  }

  #room(path: string): void {
    if (this.full) throw new DiskFault('ENOSPC', path);
  }

  #set(folder: Inode, key: string, name: string, inode: Inode): void {
    const before = folder.mtimeNs;
    folder.entries.set(key, { name, inode });
    if (inode.kind === 'file') inode.links += 1;
    inode.changeNs = this.#nowNs();
    folder.mtimeNs = this.#nowNs();
    this.#undo.push(() => {
      folder.entries.delete(key);
      if (inode.kind === 'file') inode.links -= 1;
      folder.mtimeNs = before;
    });
  }

  #clear(folder: Inode, key: string): void {
    const entry = folder.entries.get(key);
    if (!entry) return;
    const before = folder.mtimeNs;
    folder.entries.delete(key);
    if (entry.inode.kind === 'file') entry.inode.links -= 1;
    entry.inode.changeNs = this.#nowNs();
    folder.mtimeNs = this.#nowNs();
    this.#undo.push(() => {
      folder.entries.set(key, entry);
      if (entry.inode.kind === 'file') entry.inode.links += 1;
      folder.mtimeNs = before;
    });
  }

  #told(path: string): void {
    this.changes += 1;
    if (this.onChange && path !== '') this.onChange(path.slice(0, path.lastIndexOf('/')));
  }
}
