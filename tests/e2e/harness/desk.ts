import {
  appendFileSync,
  chmodSync,
  copyFileSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { readTree } from './tree.ts';

/** Stands for a folder in a listing; files stand as their text. */
export const FOLDER = Symbol('folder');
export type Listing = Readonly<Record<string, string | typeof FOLDER>>;

/** What a person does with a part of a synced folder, and sees there. Times are Unix ms. */
export class Desk {
  readonly #root: string;
  readonly #onWritten: (text: string) => void;

  /** `onWritten` is told every text that is written. */
  constructor(root: string, onWritten: (text: string) => void = () => {}) {
    this.#root = root;
    this.#onWritten = onWritten;
  }

  path(relative: string): string {
    return join(this.#root, relative);
  }

  /** Writes a file in place, making the folders above it. */
  write(path: string, text: string, mtimeMs: number): void {
    mkdirSync(dirname(this.path(path)), { recursive: true });
    writeFileSync(this.path(path), text);
    this.#onWritten(text);
    this.touch(path, mtimeMs);
  }

  /** Writes as editors do: aside, then renamed over the old file. */
  save(path: string, text: string, mtimeMs: number): void {
    const aside = `${path}.saving~`;
    this.write(aside, text, mtimeMs);
    renameSync(this.path(aside), this.path(path));
  }

  /** Writes as editors do that keep the old version beside the new one, under its name with a tilde. */
  saveWithBackup(path: string, text: string, mtimeMs: number): void {
    renameSync(this.path(path), this.path(`${path}~`));
    this.write(path, text, mtimeMs);
  }

  copy(from: string, to: string): void {
    copyFileSync(this.path(from), this.path(to));
  }

  append(path: string, text: string): void {
    appendFileSync(this.path(path), text);
  }

  folder(path: string): void {
    mkdirSync(this.path(path), { recursive: true });
  }

  move(from: string, to: string): void {
    mkdirSync(dirname(this.path(to)), { recursive: true });
    renameSync(this.path(from), this.path(to));
  }

  /** Lets two files or folders change places. */
  swap(one: string, other: string): void {
    this.move(one, `${one} aside`);
    this.move(other, one);
    this.move(`${one} aside`, other);
  }

  remove(path: string): void {
    rmSync(this.path(path), { recursive: true });
  }

  touch(path: string, mtimeMs: number): void {
    utimesSync(this.path(path), new Date(), new Date(mtimeMs));
  }

  makeExecutable(path: string): void {
    chmodSync(this.path(path), 0o755);
  }

  mtimeMs(path: string): number {
    return Math.floor(statSync(this.path(path)).mtimeMs);
  }

  isExecutable(path: string): boolean {
    return (statSync(this.path(path)).mode & 0o100) !== 0;
  }

  /** Names as they travel: a disk may hold them in another Unicode form. */
  listing(): Listing {
    const listing: Record<string, string | typeof FOLDER> = {};
    for (const [path, entry] of readTree(this.#root)) {
      listing[path.normalize('NFC')] = entry.kind === 'folder' ? FOLDER : readFileSync(this.path(path), 'utf8');
    }
    return listing;
  }
}
