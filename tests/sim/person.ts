import type { Deed } from './actions.ts';
import { bytesOf } from './contents.ts';
import { type Device, ROOT } from './device.ts';
import { DiskFault, EMPTY, type Inode } from './disk.ts';
import type { Ledger } from './ledger.ts';

/**
 * Somebody at a computer. Every step is one call of a program; between two of them anything may happen. What is not
 * possible as things are is not done.
 */
export class Person {
  readonly #device: Device;
  readonly #ledger: Ledger;

  constructor(device: Device, ledger: Ledger) {
    this.#device = device;
    this.#ledger = ledger;
  }

  /** Does one step at each call of `next`. */
  *does(deed: Deed): Generator<void> {
    try {
      yield* this.#steps(deed);
    } catch (error) {
      if (!(error instanceof DiskFault)) throw error;
    }
  }

  *#steps(deed: Deed): Generator<void> {
    const { disk } = this.#device;
    const path = `${ROOT}/${deed.path}`;
    switch (deed.do) {
      case 'write':
        yield* this.#overwrite(path, bytesOf(deed.text, deed.size));
        return;
      case 'append': {
        const { bytes } = disk.file(path);
        this.#write(path, Buffer.concat([bytes, Buffer.from(deed.text, 'latin1')]));
        return;
      }
      case 'save': {
        const temporary = `${ROOT}/${deed.temporary}`;
        disk.file(path);
        this.#write(temporary, bytesOf(deed.text));
        yield;
        this.#move(temporary, path);
        return;
      }
      case 'backup-save': {
        const aside = `${path}~`;
        this.#move(path, aside);
        yield;
        this.#write(path, bytesOf(deed.text));
        yield;
        this.#unlink(aside);
        return;
      }
      case 'delete':
        yield* this.#delete(path);
        return;
      case 'move':
        this.#move(path, `${ROOT}/${deed.to}`);
        return;
      case 'swap': {
        const other = `${ROOT}/${deed.with}`;
        const aside = `${path}.swap`;
        this.#move(path, aside);
        yield;
        this.#move(other, path);
        yield;
        this.#move(aside, other);
        return;
      }
      case 'mkdir':
        this.#makeFolder(path);
        return;
      case 'invert': {
        const out = `${path}.out`;
        const name = deed.inner.slice(deed.inner.lastIndexOf('/') + 1);
        this.#move(`${ROOT}/${deed.inner}`, out);
        yield;
        this.#move(path, `${out}/${path.slice(path.lastIndexOf('/') + 1)}`);
        yield;
        this.#move(out, `${path.slice(0, path.lastIndexOf('/'))}/${name}`);
        return;
      }
      case 'retype': {
        const { kind } = disk.at(path);
        yield* this.#delete(path);
        yield;
        if (kind === 'folder') this.#write(path, bytesOf(deed.text));
        else {
          this.#makeFolder(path);
          yield;
          this.#write(`${path}/a`, bytesOf(deed.text));
        }
        return;
      }
      case 'executable':
        disk.setExecutable(disk.file(path), deed.on, path);
        return;
      case 'touch':
        disk.file(path);
        disk.setMtime(path, deed.mtimeMs);
        return;
      case 'lock':
        this.#lock(disk.at(path), deed.on);
        return;
    }
  }

  /** Through one descriptor: emptied first, then written, wherever the file is by then. */
  *#overwrite(path: string, bytes: Uint8Array): Generator<void> {
    const { disk } = this.#device;
    if (disk.lstat(path)) {
      const inode = disk.file(path);
      this.#gaveUp(inode.bytes, EMPTY, `emptied at ${path}`);
      disk.write(inode, EMPTY, path, 'person');
      yield;
      this.#gaveUp(inode.bytes, bytes, `overwritten at ${path}`);
      this.#ledger.at(path, bytes);
      disk.write(inode, bytes, path, 'person');
      const inPlace = disk.lstat(path)?.ino === inode.ino;
      if (inode.links > 0) this.#ledger.wrote(bytes, `${this.#device.name} ${path}`, inPlace);
    } else this.#write(path, bytes);
  }

  #makeFolder(path: string): void {
    this.#device.disk.mkdir(path);
    this.#ledger.tookName(path);
  }

  #lock(inode: Inode, on: boolean): void {
    if (inode.kind === 'file') inode.readable = !on;
  }

  #write(path: string, bytes: Uint8Array): void {
    const { disk } = this.#device;
    const there = disk.lstat(path);
    const inode = there ? disk.file(path) : disk.create(path);
    const before = inode.bytes;
    disk.write(inode, bytes, path, 'person');
    if (there) this.#gaveUp(before, bytes, `overwritten at ${path}`);
    this.#ledger.wrote(bytes, `${this.#device.name} ${path}`);
    this.#ledger.at(path, bytes);
  }

  #move(from: string, to: string): void {
    const { disk } = this.#device;
    const moved = disk.at(from);
    const there = disk.lstat(to);
    const replaced = there ? disk.at(to) : undefined;
    if (replaced === moved && from.toLowerCase() !== to.toLowerCase()) return;
    disk.rename(from, to);
    this.#ledger.tookName(to);
    if (replaced && replaced !== moved && replaced.kind === 'file') {
      this.#gaveUp(replaced.bytes, moved.bytes, `replaced at ${to} by ${from}`);
    }
  }

  *#delete(path: string): Generator<void> {
    const { disk } = this.#device;
    const inode = disk.at(path);
    if (inode.kind === 'file') {
      this.#unlink(path);
      return;
    }
    for (const name of disk.names(path)) {
      yield* this.#delete(`${path}/${name}`);
      yield;
    }
    disk.rmdir(path);
  }

  #unlink(path: string): void {
    const { disk } = this.#device;
    const { bytes } = disk.at(path);
    disk.unlink(path);
    this.#ledger.gaveUp(bytes, `${this.#device.name} deleted ${path}`);
  }

  #gaveUp(before: Uint8Array, after: Uint8Array, why: string): void {
    if (before !== after) this.#ledger.gaveUp(before, `${this.#device.name}: ${why}`);
  }
}
