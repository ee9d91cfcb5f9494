import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { LocalDisk } from '../../../main/engine/apply/local/localDisk.ts';
import type { Filesystem } from '../../../main/engine/disk/filesystem.ts';
import { nodeFilesystem } from '../../../main/engine/disk/nodeFilesystem.ts';
import { openRoot, tmpFolder, undoFolder } from '../../../main/engine/disk/root.ts';
import type { DiskStat } from '../../../main/engine/model.ts';
import { IgnoreRules } from '../../../main/engine/scan/ignore.ts';
import { random, realClock } from '../scan/folder.ts';

/** A real folder on disk, opened as a root, with operations to try on it. */
export class TestDisk {
  readonly disk: LocalDisk;

  private constructor(disk: LocalDisk) {
    this.disk = disk;
  }

  static async make(): Promise<TestDisk> {
    const folder = await mkdtemp(join(tmpdir(), 'driftless-apply-'));
    const opening = await openRoot(nodeFilesystem, folder, () => crypto.randomUUID());
    if (opening.status !== 'open') throw new Error(opening.fault.message);
    return new TestDisk({
      fs: nodeFilesystem,
      root: opening.root,
      clock: realClock,
      random,
      ignores: new IgnoreRules(),
      device: 'Studio',
    });
  }

  /** The same disk with some calls of the file system replaced. */
  with(changes: Partial<Filesystem>): LocalDisk {
    return { ...this.disk, fs: { ...nodeFilesystem, ...changes } };
  }

  path(relative: string): string {
    return join(this.disk.root.path, relative);
  }

  async write(relative: string, text = relative): Promise<DiskStat> {
    await mkdir(dirname(this.path(relative)), { recursive: true });
    await writeFile(this.path(relative), text);
    return this.stat(relative);
  }

  /** A finished download; answers its absolute path. */
  async download(text: string): Promise<string> {
    const path = join(tmpFolder(this.disk.root), crypto.randomUUID());
    await writeFile(path, text);
    return path;
  }

  async stat(relative: string): Promise<DiskStat> {
    const sight = await nodeFilesystem.lstat(this.path(relative));
    if (sight?.kind !== 'file' && sight?.kind !== 'folder')
      throw new Error(`${relative} is ${sight?.kind ?? 'not there'}`);
    return sight;
  }

  text(relative: string): Promise<string> {
    return readFile(this.path(relative), 'utf8');
  }

  async names(relative = ''): Promise<string[]> {
    return (await readdir(this.path(relative))).filter((name) => name !== '.driftless').sort();
  }

  /** The texts of everything in undo. */
  async undone(): Promise<string[]> {
    const texts: string[] = [];
    for (const entry of await readdir(undoFolder(this.disk.root), { recursive: true, withFileTypes: true })) {
      if (entry.isFile()) texts.push(await readFile(join(entry.parentPath, entry.name), 'utf8'));
    }
    return texts.sort();
  }

  async delete(): Promise<void> {
    await rm(this.disk.root.path, { recursive: true, force: true });
  }
}
