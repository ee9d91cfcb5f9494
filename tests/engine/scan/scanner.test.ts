import { execFileSync } from 'node:child_process';
import { chmod, link, mkdir, readFile, rename, rm, stat, symlink, unlink, utimes, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { foldersAt } from '../../../main/engine/scan/known.ts';
import { scan } from '../../../main/engine/scan/scanner.ts';
import { sweepMissing } from '../../../main/engine/scan/sweep.ts';
import { SyncedFolder } from './folder.ts';
import { HASHED } from './memoryTree.ts';

let folder: SyncedFolder;

beforeEach(async () => {
  folder = await SyncedFolder.make();
});

afterEach(async () => {
  await folder.delete();
});

const contentOf = (path: string) => folder.tree.rows.get(folder.id(path))?.contentId;

describe('what is found', () => {
  it('finds every file and folder and gives each an id', async () => {
    await folder.write('a/b/c.txt');
    await folder.write('d.txt');
    await mkdir(folder.path('empty'));
    await folder.scan();
    expect(Object.keys(folder.tree.paths()).sort()).toEqual(['a', 'a/b', 'a/b/c.txt', 'd.txt', 'empty']);
  });

  it('changes nothing when nothing changed', async () => {
    await folder.write('a/b/c.txt');
    await folder.agree();
    const report = await folder.scan();
    expect(report.changes).toBe(0);
    expect(report.entries).toBe(3);
  });

  it('keeps the id of a file written anew in place and forgets what was hashed', async () => {
    await folder.write('a.txt', 'one');
    const before = await folder.agree();
    await folder.write('a.txt', 'three');
    await folder.scan();
    expect(folder.tree.paths()).toEqual(before);
    expect(contentOf('a.txt')).toBeNull();
  });

  it('keeps what was hashed when only the executable bit changed', async () => {
    await folder.write('run.sh');
    await folder.agree();
    await chmod(folder.path('run.sh'), 0o755);
    const report = await folder.scan();
    expect(report.changes).toBe(1);
    expect(folder.tree.rows.get(folder.id('run.sh'))?.stat.executable).toBe(true);
    expect(contentOf('run.sh')).toBe(HASHED);
  });

  it('does not believe a file of the same size and time that is another inode', async () => {
    await folder.write('a.txt', 'one');
    const before = await folder.agree();
    const { atime, mtime } = await stat(folder.path('a.txt'));
    // In the tree's own folder, so that the temporary file never was a node.
    await writeFile(folder.path('.driftless/aside'), 'two');
    await utimes(folder.path('.driftless/aside'), atime, mtime);
    await rename(folder.path('.driftless/aside'), folder.path('a.txt'));
    await folder.scan();
    expect(folder.tree.paths()).toEqual(before);
    expect(contentOf('a.txt')).toBeNull();
  });

  it('keeps the executable bit that is known where the disk has none', async () => {
    await folder.write('run.sh');
    await chmod(folder.path('run.sh'), 0o755);
    await folder.agree();
    await chmod(folder.path('run.sh'), 0o644);
    const parts = { ...folder.parts, root: { ...folder.root, executableBit: false } };
    const report = await scan(parts, { folders: 'all' });
    expect(report).toMatchObject({ status: 'done' });
    expect(folder.tree.rows.get(folder.id('run.sh'))?.stat.executable).toBe(true);
  });

  it('looks only at the folders asked for and at new ones below', async () => {
    await folder.write('a/1.txt');
    await folder.write('b/1.txt');
    await folder.agree();
    await folder.write('a/new/deep/2.txt');
    await folder.write('b/2.txt');
    const report = await folder.scan([folder.id('a')]);
    expect(report.listed).toEqual(['a', 'a/new', 'a/new/deep']);
    expect(Object.keys(folder.tree.paths())).toContain('a/new/deep/2.txt');
    expect(Object.keys(folder.tree.paths())).not.toContain('b/2.txt');
  });

  it('lists the nearest folder above when a dirty folder is gone', async () => {
    await folder.write('a/b/c/1.txt');
    await folder.agree();
    const dirty = folder.id('a/b/c');
    await rm(folder.path('a/b'), { recursive: true });
    const report = await folder.scan([dirty]);
    expect(report.listed).toEqual(['a']);
    expect(Object.keys(folder.tree.paths())).toEqual(['a']);
  });

  it('takes a hint about a path for the nearest folder that is known', async () => {
    await folder.write('caf\u00e9/b/1.txt');
    const ids = await folder.agree();
    expect(foldersAt(folder.tree, ['cafe\u0301/b', 'cafe\u0301/b', 'caf\u00e9/b/new/deep', '', 'other'])).toEqual([
      ids['café/b'],
      null,
    ]);
  });

  it('stops between groups when told to', async () => {
    await folder.write('a/1.txt');
    const result = await scan(folder.parts, { folders: 'all', signal: AbortSignal.abort() });
    expect(result.status).toBe('aborted');
    expect(folder.tree.rows.size).toBe(0);
  });
});

describe('moves and renames', () => {
  it('keeps the id and the hash of a renamed file', async () => {
    await folder.write('a.txt');
    const { 'a.txt': id } = await folder.agree();
    await rename(folder.path('a.txt'), folder.path('b.txt'));
    const report = await folder.scan();
    expect(report.changes).toBe(1);
    expect(folder.tree.paths()).toEqual({ 'b.txt': id });
    expect(contentOf('b.txt')).toBe(HASHED);
  });

  it('keeps all ids along a chain of renames', async () => {
    for (const name of ['a', 'b', 'c', 'd']) await folder.write(name);
    const before = await folder.agree();
    await rename(folder.path('d'), folder.path('e'));
    await rename(folder.path('c'), folder.path('d'));
    await rename(folder.path('b'), folder.path('c'));
    await rename(folder.path('a'), folder.path('b'));
    await folder.scan();
    expect(folder.tree.paths()).toEqual({ b: before.a, c: before.b, d: before.c, e: before.d });
  });

  it('gives a replaced file up and keeps the id of the one moved over it', async () => {
    await folder.write('a');
    await folder.write('b');
    const before = await folder.agree();
    await rename(folder.path('a'), folder.path('b'));
    await folder.scan();
    expect(folder.tree.paths()).toEqual({ b: before.a });
    expect(folder.tree.rows.get(before.b as never)?.missingSince).toBe(folder.now);
  });

  it('sees two files that swapped names', async () => {
    await folder.write('a');
    await folder.write('b');
    const before = await folder.agree();
    await rename(folder.path('a'), folder.path('.driftless/x'));
    await rename(folder.path('b'), folder.path('a'));
    await rename(folder.path('.driftless/x'), folder.path('b'));
    await folder.scan();
    expect(folder.tree.paths()).toEqual({ a: before.b, b: before.a });
  });

  it('sees a swap between two folders though only one of them is looked at', async () => {
    await folder.write('x/f', 'one');
    await folder.write('y/f', 'two');
    const before = await folder.agree();
    await rename(folder.path('x/f'), folder.path('.driftless/x'));
    await rename(folder.path('y/f'), folder.path('x/f'));
    await rename(folder.path('.driftless/x'), folder.path('y/f'));
    await folder.scan([folder.id('y')]);
    expect(folder.tree.paths()).toEqual({ ...before, 'x/f': before['y/f'], 'y/f': before['x/f'] });
  });

  it('sees two folders that swapped names with one change each', async () => {
    await folder.write('x/1');
    await folder.write('y/2');
    const before = await folder.agree();
    await rename(folder.path('x'), folder.path('.driftless/x'));
    await rename(folder.path('y'), folder.path('x'));
    await rename(folder.path('.driftless/x'), folder.path('y'));
    const report = await folder.scan();
    expect(folder.tree.paths()).toEqual({ x: before.y, y: before.x, 'y/1': before['x/1'], 'x/2': before['y/2'] });
    expect(report.changes).toBe(2);
  });

  for (const asked of [['', 'x', 'y'], ['x', 'y'], ['y/deep']]) {
    it(`sees two folders that swapped names when asked about “${asked.join('”, “')}” only`, async () => {
      await folder.write('x/1');
      await folder.write('y/2');
      await folder.write('y/deep/3');
      const before = await folder.agree();
      await rename(folder.path('x'), folder.path('.driftless/x'));
      await rename(folder.path('y'), folder.path('x'));
      await rename(folder.path('.driftless/x'), folder.path('y'));
      await folder.write('x/deep/new');
      await folder.scan(asked.map((path) => before[path] ?? null));
      const after = folder.tree.paths();
      expect(after).toEqual({
        x: before.y,
        y: before.x,
        'y/1': before['x/1'],
        'x/2': before['y/2'],
        'x/deep': before['y/deep'],
        'x/deep/3': before['y/deep/3'],
        'x/deep/new': after['x/deep/new'],
      });
      expect(after['x/deep/new']).toBeDefined();
    });
  }

  it('keeps the id of a file moved out of a folder that then swapped names with another', async () => {
    await folder.write('x/f', 'one');
    await folder.write('y/f', 'two');
    await mkdir(folder.path('z'));
    const before = await folder.agree();
    await rename(folder.path('x/f'), folder.path('z/f'));
    await rename(folder.path('x'), folder.path('.driftless/x'));
    await rename(folder.path('y'), folder.path('x'));
    await rename(folder.path('.driftless/x'), folder.path('y'));
    const { x, y, z } = before;
    await folder.scan([z ?? null]);
    expect(folder.tree.paths()).toEqual({ x, y, z, 'z/f': before['x/f'], 'y/f': before['y/f'] });
    await folder.scan([null]);
    expect(folder.tree.paths()).toEqual({ x: y, y: x, z, 'z/f': before['x/f'], 'x/f': before['y/f'] });
  });

  it('keeps the ids of what is inside a folder that moved while a new one took its place', async () => {
    await folder.write('a/1');
    await mkdir(folder.path('to'));
    const before = await folder.agree();
    await rename(folder.path('a'), folder.path('to/a'));
    await folder.write('a/2');
    await folder.scan([before.a ?? null]);
    await folder.scan([before.to ?? null]);
    const after = folder.tree.paths();
    expect(Object.keys(after).sort()).toEqual(['a', 'a/2', 'to', 'to/a', 'to/a/1']);
    expect(after).toMatchObject({ a: before.a, to: before.to, 'to/a/1': before['a/1'] });
  });

  it('looks where it is asked to on a disk that gives out new inodes at every look', async () => {
    await folder.write('a/b/1');
    const before = await folder.agree();
    const unstable = async (path: string) => {
      const sight = await folder.parts.fs.lstat(path);
      return sight && 'ino' in sight ? { ...sight, ino: sight.ino + BigInt(Math.floor(Math.random() * 1e9)) } : sight;
    };
    await folder.write('a/b/2');
    const parts = { ...folder.parts, fs: { ...folder.parts.fs, lstat: unstable } };
    await scan(parts, { folders: [folder.id('a/b')] });
    const { 'a/b/2': added, ...rest } = folder.tree.paths();
    expect(rest).toEqual(before);
    expect(added).toBeDefined();
  });

  it('sees an inverted hierarchy', async () => {
    await folder.write('a/b/f');
    const before = await folder.agree();
    await rename(folder.path('a/b'), folder.path('.driftless/b'));
    await rename(folder.path('a'), folder.path('.driftless/b/a'));
    await rename(folder.path('.driftless/b'), folder.path('b'));
    await folder.scan();
    expect(folder.tree.paths()).toEqual({ b: before['a/b'], 'b/a': before.a, 'b/f': before['a/b/f'] });
  });

  it('keeps the id when only the case of a name changes', async () => {
    await folder.write('photo.jpg');
    const { 'photo.jpg': id } = await folder.agree();
    await rename(folder.path('photo.jpg'), folder.path('Photo.jpg'));
    await folder.scan();
    expect(folder.tree.paths()).toEqual({ 'Photo.jpg': id });
  });

  it('tells the renaming of a folder of 1,000 files as one change', async () => {
    await mkdir(folder.path('old'));
    await Promise.all(Array.from({ length: 1_000 }, (_, index) => folder.write(`old/${index}`)));
    await folder.agree();
    await rename(folder.path('old'), folder.path('new'));
    const report = await folder.scan();
    expect(report.changes).toBe(1);
    expect(Object.keys(folder.tree.paths()).filter((path) => path.startsWith('new/'))).toHaveLength(1_000);
  });

  it('sees what changed below a folder that was renamed just before', async () => {
    await folder.write('old/sub/f', 'one');
    const before = await folder.agree();
    await rename(folder.path('old'), folder.path('new'));
    await folder.write('new/sub/f', 'changed');
    await folder.scan([null]);
    expect(folder.tree.paths()['new/sub/f']).toBe(before['old/sub/f']);
    expect(contentOf('new/sub/f')).toBeNull();
  });

  for (const [first, second] of [
    ['from', 'to'],
    ['to', 'from'],
  ] as const) {
    it(`keeps the id of a file moved to another folder when “${first}” is looked at before “${second}”`, async () => {
      await folder.write('from/f');
      await mkdir(folder.path('to'));
      const before = await folder.agree();
      await rename(folder.path('from/f'), folder.path('to/f'));
      await folder.scan([folder.id(first)]);
      await folder.scan([folder.id(second)]);
      expect(folder.tree.paths()).toEqual({ from: before.from, to: before.to, 'to/f': before['from/f'] });
      expect(contentOf('to/f')).toBe(HASHED);
    });
  }

  it('keeps the id of a file that moves while one folder is listed after the other', async () => {
    await folder.write('x/f');
    await mkdir(folder.path('y'));
    const before = await folder.agree();
    const listed = Promise.withResolvers<void>();
    const list = async (path: string) => {
      if (path === folder.path('y')) {
        await listed.promise;
        await rename(folder.path('x/f'), folder.path('y/f'));
      }
      const names = await folder.parts.fs.list(path);
      if (path === folder.path('x')) listed.resolve();
      return names;
    };
    const parts = { ...folder.parts, fs: { ...folder.parts.fs, list } };
    await scan(parts, { folders: [folder.id('x'), folder.id('y')] });
    expect(folder.tree.paths()).toEqual({ x: before.x, y: before.y, 'y/f': before['x/f'] });
  });

  it('keeps the id of a file moved out of a folder that was then deleted', async () => {
    await folder.write('from/f');
    await mkdir(folder.path('to'));
    const before = await folder.agree();
    await rename(folder.path('from/f'), folder.path('to/f'));
    await rm(folder.path('from'), { recursive: true });
    await folder.scan();
    expect(folder.tree.paths()).toEqual({ to: before.to, 'to/f': before['from/f'] });
  });

  it('keeps the id of a new folder that is renamed before it was ever synced', async () => {
    await folder.write('New folder/f');
    await folder.scan();
    const before = folder.tree.paths();
    await rename(folder.path('New folder'), folder.path('Holiday'));
    await folder.scan();
    expect(folder.tree.paths()).toEqual({ Holiday: before['New folder'], 'Holiday/f': before['New folder/f'] });
  });

  it('takes a hard link for a file of its own, not for a move', async () => {
    await folder.write('a');
    const before = await folder.agree();
    await link(folder.path('a'), folder.path('b'));
    await folder.scan();
    expect(folder.tree.paths().a).toBe(before.a);
    expect(folder.tree.paths().b).toBeDefined();
    expect(folder.tree.paths().b).not.toBe(before.a);
  });

  it('does not take one of two hard links for moved when the other is renamed over', async () => {
    await folder.write('a');
    await link(folder.path('a'), folder.path('b'));
    const before = await folder.agree();
    await unlink(folder.path('a'));
    await rename(folder.path('b'), folder.path('c'));
    await folder.scan();
    const after = folder.tree.paths();
    expect(Object.keys(after)).toEqual(['c']);
    expect(Object.values(before)).not.toContain(after.c);
  });
});

describe('editors', () => {
  it('keep all ids at their paths when a whole row of backups moves up and the first is written anew', async () => {
    const names = ['doc', 'doc.1', 'doc.2', 'doc.3', 'doc.4', 'doc.5'];
    for (const name of names) await folder.write(name);
    const before = await folder.agree();
    const moved = [...names, 'doc.6'];
    for (let index = names.length; index > 0; index -= 1) {
      await rename(folder.path(moved[index - 1] ?? ''), folder.path(moved[index] ?? ''));
    }
    await folder.write('doc', 'new text');
    await folder.scan();
    const { 'doc.6': last, ...rest } = folder.tree.paths();
    expect(rest).toEqual(before);
    expect(Object.values(before)).not.toContain(last);
  });

  it('keeps the id of a document saved by a temporary file that is renamed over it', async () => {
    await folder.write('doc', 'old');
    const before = await folder.agree();
    await folder.write('doc.new', 'new text');
    await folder.scan();
    await rename(folder.path('doc.new'), folder.path('doc'));
    await folder.scan();
    expect(folder.tree.paths()).toEqual(before);
    expect(contentOf('doc')).toBeNull();
  });

  it('keeps the id of a document whose old text was renamed to a backup first', async () => {
    await folder.write('doc', 'old');
    const before = await folder.agree();
    await rename(folder.path('doc'), folder.path('doc~'));
    await folder.write('doc', 'new text');
    await folder.scan();
    const after = folder.tree.paths();
    expect(after.doc).toBe(before.doc);
    expect(after['doc~']).toBeDefined();
    expect(after['doc~']).not.toBe(before.doc);
  });

  it('keeps both ids when the backup existed and was synced before', async () => {
    await folder.write('doc', 'old');
    await folder.write('doc~', 'older');
    const before = await folder.agree();
    await rename(folder.path('doc'), folder.path('doc~'));
    await folder.write('doc', 'new text');
    await folder.scan();
    expect(folder.tree.paths()).toEqual(before);
  });

  it('keeps the id of a document deleted and written again', async () => {
    await folder.write('doc', 'old');
    const before = await folder.agree();
    await unlink(folder.path('doc'));
    await folder.scan();
    await folder.write('doc', 'new text');
    await folder.scan();
    expect(folder.tree.paths()).toEqual(before);
  });
});

describe('what goes missing', () => {
  it('marks it once and keeps the first time', async () => {
    await folder.write('a');
    const { a } = await folder.agree();
    await unlink(folder.path('a'));
    await folder.scan();
    const first = folder.now;
    folder.now += 500;
    const report = await folder.scan();
    expect(report.changes).toBe(0);
    expect(folder.tree.rows.get(a as never)?.missingSince).toBe(first);
  });

  it('removes it after two seconds with everything below', async () => {
    await folder.write('a/b/c');
    await folder.agree();
    await rm(folder.path('a'), { recursive: true });
    await folder.scan();
    await sweepMissing(folder.parts, folder.now + 1_999);
    expect(folder.tree.rows.size).toBe(3);
    const result = await sweepMissing(folder.parts, folder.now + 2_000);
    expect(result).toEqual({ status: 'done', removed: 1, again: [] });
    expect(folder.tree.rows.size).toBe(0);
  });

  it('waits two seconds anew after the clock was set back, not until it is as late again', async () => {
    await folder.write('a');
    await folder.agree();
    await unlink(folder.path('a'));
    await folder.scan();
    const afterwards = folder.now - 3_600_000;
    await sweepMissing(folder.parts, afterwards);
    await sweepMissing(folder.parts, afterwards + 1_999);
    expect(folder.tree.rows.size).toBe(1);
    await sweepMissing(folder.parts, afterwards + 2_000);
    expect(folder.tree.rows.size).toBe(0);
  });

  it('does not remove what is there again', async () => {
    await folder.write('a');
    const before = await folder.agree();
    await rename(folder.path('a'), folder.path('.driftless/a'));
    await folder.scan();
    await rename(folder.path('.driftless/a'), folder.path('a'));
    const result = await sweepMissing(folder.parts, folder.now + 5_000);
    expect(result).toEqual({ status: 'done', removed: 0, again: [null] });
    const report = await folder.scan([null]);
    expect(report.changes).toBe(1);
    expect(folder.tree.paths()).toEqual(before);
    expect(contentOf('a')).toBe(HASHED);
  });

  it('takes a file that became a folder for a new node', async () => {
    await folder.write('a');
    const before = await folder.agree();
    await unlink(folder.path('a'));
    await folder.write('a/inside');
    await folder.scan();
    const after = folder.tree.paths();
    expect(Object.keys(after).sort()).toEqual(['a', 'a/inside']);
    expect(after.a).not.toBe(before.a);
    await sweepMissing(folder.parts, folder.now + 2_000);
    expect(folder.tree.paths()).toEqual(after);
    expect(folder.tree.rows.has(before.a as never)).toBe(false);
  });

  it('keeps the id of a file moved away while another file took its name', async () => {
    await folder.write('a');
    await folder.write('b');
    await mkdir(folder.path('to'));
    const before = await folder.agree();
    await rename(folder.path('a'), folder.path('to/a'));
    await rename(folder.path('b'), folder.path('a'));
    await folder.scan([null]);
    await folder.scan([folder.id('to')]);
    expect(folder.tree.paths()).toEqual({ a: before.b, to: before.to, 'to/a': before.a });
  });

  it('keeps the id of a file moved away while a folder took its name', async () => {
    await folder.write('a');
    await mkdir(folder.path('to'));
    const before = await folder.agree();
    await rename(folder.path('a'), folder.path('to/a'));
    await mkdir(folder.path('a'));
    await folder.scan([null]);
    await folder.scan([folder.id('to')]);
    expect(folder.tree.paths()['to/a']).toBe(before.a);
  });

  it('deletes nothing below a folder that cannot be read', async () => {
    await folder.write('a/b/c');
    const before = await folder.agree();
    const denied = folder.path('a/b');
    const parts = {
      ...folder.parts,
      fs: {
        ...folder.parts.fs,
        list: (path: string) =>
          path === denied
            ? Promise.reject(Object.assign(new Error('denied'), { code: 'EACCES' }))
            : folder.parts.fs.list(path),
      },
    };
    const report = await scan(parts, { folders: 'all' });
    expect(folder.tree.paths()).toEqual(before);
    expect(report).toMatchObject({ status: 'done', changes: 0, faults: [{ path: 'a/b', code: 'denied' }] });
  });
});

describe('the root', () => {
  it('halts and touches nothing when the marker is gone', async () => {
    await folder.write('a');
    await folder.agree();
    await rm(folder.path('.driftless'), { recursive: true });
    await unlink(folder.path('a'));
    expect(await folder.run()).toMatchObject({ status: 'halted', fault: { code: 'unmarked' } });
    expect(folder.tree.log).toEqual([]);
  });

  it('halts when the folder is marked with another id', async () => {
    await folder.write('a');
    await folder.agree();
    const marker = folder.path('.driftless/folder.json');
    const text = await readFile(marker, 'utf8');
    await writeFile(marker, text.replace(folder.root.id, crypto.randomUUID()));
    expect(await folder.run()).toMatchObject({ status: 'halted', fault: { code: 'other-marker' } });
  });

  it('halts when the folder is gone', async () => {
    await folder.delete();
    expect(await folder.run()).toMatchObject({ status: 'halted', fault: { code: 'missing' } });
  });

  it('touches nothing when the disk is unmounted between the listing and the record', async () => {
    await folder.write('a');
    await folder.agree();
    await unlink(folder.path('a'));
    const parts = {
      ...folder.parts,
      fs: {
        ...folder.parts.fs,
        list: async (path: string) => {
          const names = await folder.parts.fs.list(path);
          await rm(folder.path('.driftless'), { recursive: true });
          return names;
        },
      },
    };
    expect(await scan(parts, { folders: 'all' })).toMatchObject({ status: 'halted' });
    expect(folder.tree.log).toEqual([]);
  });

  it('removes nothing missing while the disk is unmounted', async () => {
    await folder.write('a');
    await folder.agree();
    await unlink(folder.path('a'));
    await folder.scan();
    await rm(folder.path('.driftless'), { recursive: true });
    const result = await sweepMissing(folder.parts, folder.now + 10_000);
    expect(result.status).toBe('halted');
    expect(folder.tree.rows.size).toBe(1);
  });
});

describe('names and kinds', () => {
  it('calls a name that is not UTF-8 a fault and syncs its siblings', async () => {
    await folder.write('fine');
    await writeFile(Buffer.concat([Buffer.from(`${folder.root.path}/bad-`), Buffer.from([0xff, 0xfe])]), 'x');
    const report = await folder.scan();
    expect(Object.keys(folder.tree.paths())).toEqual(['fine']);
    expect(report.faults).toMatchObject([{ code: 'name-refused' }]);
  });

  it('calls a name with a control character a fault', async () => {
    await writeFile(folder.path('two\nlines'), 'x');
    const report = await folder.scan();
    expect(folder.tree.rows.size).toBe(0);
    expect(report.faults).toMatchObject([{ path: 'two\nlines', code: 'name-refused' }]);
  });

  it('stores the wire name beside the name on disk', async () => {
    await folder.write('cafe\u0301');
    await folder.scan();
    expect([...folder.tree.rows.values()]).toMatchObject([{ name: 'café', diskName: 'cafe\u0301' }]);
  });

  const NFC = 'caf\u00e9';
  const NFD = 'cafe\u0301';
  const rows = () => [...folder.tree.rows.values()].sort((a, b) => (a.id < b.id ? -1 : 1));

  it('finds both of two names that differ in Unicode form only, the one in wire form as the older', async () => {
    await folder.write(NFD, 'nfd');
    await folder.write(NFC, 'nfc');
    const report = await folder.scan();
    expect(rows()).toMatchObject([
      { name: NFC, diskName: NFC },
      { name: NFC, diskName: NFD },
    ]);
    expect(report.faults).toEqual([]);
    expect((await folder.scan()).changes).toBe(0);
  });

  it('keeps the one of such a pair that was there first as it is', async () => {
    await folder.write(NFD, 'nfd');
    await folder.agree();
    await folder.write(NFC, 'nfc');
    expect((await folder.scan()).changes).toBe(1);
    expect(rows()).toMatchObject([
      { name: NFC, diskName: NFD },
      { name: NFC, diskName: NFC },
    ]);
    expect((await folder.scan()).changes).toBe(0);
  });

  it.each([
    [NFC, NFD],
    [NFD, NFC],
  ])('knows which one of such a pair is gone, and which is edited: %j is left', async (left, gone) => {
    await folder.write(NFC, 'nfc');
    await folder.write(NFD, 'nfd');
    await folder.agree();
    const idOf = (diskName: string) => rows().find((row) => row.diskName === diskName)?.id;
    const [kept, removed] = [idOf(left), idOf(gone)];
    await rm(folder.path(gone));
    await folder.write(left, 'edited');
    await folder.scan();
    const there = rows().filter(({ missingSince }) => missingSince === null);
    expect(there).toMatchObject([{ id: kept, diskName: left, contentId: null }]);
    expect(await sweepMissing(folder.parts, folder.now + 10_000)).toMatchObject({ removed: 1, again: [] });
    expect(rows().map(({ id }) => id)).not.toContain(removed);
  });

  it('follows both of such a pair when they move', async () => {
    await folder.write(NFC, 'nfc');
    await folder.write(NFD, 'nfd');
    await folder.agree();
    const before = rows();
    await mkdir(folder.path('below'));
    await rename(folder.path(NFD), folder.path('below/d'));
    await rename(folder.path(NFC), folder.path('below/c'));
    await folder.scan();
    const names = new Map(rows().map(({ id, name }) => [id, name]));
    expect(before.map(({ id }) => names.get(id))).toEqual(['c', 'd']);
  });

  it('names symbolic links, pipes and sockets as ignored and does not follow them', async () => {
    await folder.write('real/file');
    await symlink(folder.path('real'), folder.path('link'));
    execFileSync('mkfifo', [folder.path('pipe')]);
    const server = createServer().listen(folder.path('socket'));
    await new Promise((resolve) => server.once('listening', resolve));
    const report = await folder.scan();
    await new Promise((resolve) => server.close(resolve));
    expect(Object.keys(folder.tree.paths()).sort()).toEqual(['real', 'real/file']);
    expect([...report.ignored].sort((a, b) => a.path.localeCompare(b.path))).toEqual([
      { path: 'link', why: 'it is a symbolic link' },
      { path: 'pipe', why: 'it is a pipe' },
      { path: 'socket', why: 'it is a socket' },
    ]);
  });

  it('ignores litter but keeps a synced file that is renamed to an ignored name', async () => {
    await folder.write('.DS_Store');
    await folder.write('~$letter.docx');
    await folder.write('letter.docx');
    await folder.scan();
    expect(Object.keys(folder.tree.paths())).toEqual(['letter.docx']);
    const before = await folder.agree();
    await rename(folder.path('letter.docx'), folder.path('letter.tmp'));
    await folder.scan();
    expect(folder.tree.paths()).toEqual({ 'letter.tmp': before['letter.docx'] });
  });

  it('does not make a node of a folder that holds ignored files only', async () => {
    await folder.write('left/deeper/.DS_Store');
    await mkdir(folder.path('empty'));
    const report = await folder.scan();
    expect(Object.keys(folder.tree.paths())).toEqual(['empty']);
    expect(report.ignored.map(({ path }) => path)).toEqual(['left']);
    await folder.write('left/deeper/real');
    await folder.scan([null]);
    expect(Object.keys(folder.tree.paths()).sort()).toEqual(['empty', 'left', 'left/deeper', 'left/deeper/real']);
  });

  it('takes a folder that became a symbolic link for gone, and follows it nowhere', async () => {
    await folder.write('a/secret');
    await folder.agree();
    await rename(folder.path('a'), folder.path('.driftless/outside'));
    await symlink(folder.path('.driftless/outside'), folder.path('a'));
    const dirty = [...folder.tree.rows.values()].find((row) => row.name === 'a')?.id ?? null;
    await folder.write('.driftless/outside/new');
    await folder.scan([dirty]);
    expect(Object.keys(folder.tree.paths())).toEqual([]);
    expect([...folder.tree.rows.values()].map(({ name }) => name).sort()).toEqual(['a', 'secret']);
  });

  it('never reports its own folder', async () => {
    await folder.write(join('.driftless', 'tmp', 'download'));
    const report = await folder.scan();
    expect(report.entries).toBe(0);
    expect(report.ignored).toEqual([]);
  });
});

describe('its own writes', () => {
  it('leaves a place alone where an operation is under way, and asks to look there again', async () => {
    await folder.write('a/known');
    await folder.agree();
    const end = folder.ownWrites.begin([
      { parentId: folder.id('a'), name: 'download' },
      { parentId: folder.id('a'), name: 'known' },
    ]);
    await folder.write('a/download');
    await unlink(folder.path('a/known'));
    const report = await folder.scan();
    expect(report.changes).toBe(0);
    expect(report.again).toEqual([folder.id('a')]);
    end();
    const after = await folder.scan(report.again);
    expect(after.again).toEqual([]);
    expect(Object.keys(folder.tree.paths()).sort()).toEqual(['a', 'a/download']);
  });

  it('leaves a place alone where an operation ended after the look began', async () => {
    await folder.write('old');
    await folder.agree();
    const parts = {
      ...folder.parts,
      fs: {
        ...folder.parts.fs,
        list: async (path: string) => {
          const names = await folder.parts.fs.list(path);
          folder.ownWrites.begin([{ parentId: null, name: 'old' }])();
          return names;
        },
      },
    };
    await unlink(folder.path('old'));
    expect(await scan(parts, { folders: 'all' })).toMatchObject({ changes: 0, again: [null] });
  });
});
