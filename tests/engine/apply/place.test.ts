import { appendFile, link, mkdir, rename, stat, symlink, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { placeFile, placeFiles } from '../../../main/engine/apply/local/place.ts';
import { nodeFilesystem } from '../../../main/engine/disk/nodeFilesystem.ts';
import { mtimeMsOf } from '../../../main/engine/model.ts';
import { TestDisk } from './disk.ts';

const MTIME = 1_763_647_322_123;
let at: TestDisk;

beforeEach(async () => {
  at = await TestDisk.make();
});

afterEach(async () => {
  await at.delete();
});

const placement = { expected: null, mtimeMs: MTIME, executable: false } as const;
const refuseLinks = () => Promise.reject(Object.assign(new Error('no links here'), { code: 'EPERM' }));

describe('a new file', () => {
  it('lies under its name with its time, and the tmp file is gone', async () => {
    const tmp = await at.download('new');
    const placed = await placeFile(at.disk, { ...placement, tmp, target: ['a.txt'], executable: true });
    expect(placed).toMatchObject({ status: 'done', conflict: false, stat: { executable: true, links: 1, size: 3 } });
    expect(await at.text('a.txt')).toBe('new');
    const seen = await at.stat('a.txt');
    expect(mtimeMsOf(seen)).toBe(MTIME);
    expect(placed).toMatchObject({ stat: seen });
    expect(await at.names('.driftless/tmp')).toEqual([]);
  });

  it('never overwrites a file that appeared meanwhile', async () => {
    const tmp = await at.download('new');
    await at.write('a.txt', 'mine');
    const placed = await placeFile(at.disk, { ...placement, tmp, target: ['a.txt'] });
    expect(placed).toEqual({ status: 'changed', what: 'target' });
    expect(await at.text('a.txt')).toBe('mine');
  });

  it('never lies beside one of the same name in another Unicode form', async () => {
    await at.write('re\u0301sume\u0301', 'mine');
    const tmp = await at.download('new');
    const placed = await placeFile(at.disk, { ...placement, tmp, target: ['r\u00e9sum\u00e9'] });
    expect(placed).toEqual({ status: 'changed', what: 'target' });
    expect(await at.names()).toHaveLength(1);
  });

  it('lies under a name whose other Unicode form is longer than any disk can hold', async () => {
    const name = `${'ü'.repeat(125)}.text`;
    const placed = await placeFile(at.disk, { ...placement, tmp: await at.download('new'), target: [name] });
    expect([placed.status, await at.text(name)]).toEqual(['done', 'new']);
  });

  it('never overwrites on a disk without links either', async () => {
    const disk = at.with({ link: refuseLinks });
    await at.write('a.txt', 'mine');
    expect(await placeFile(disk, { ...placement, tmp: await at.download('new'), target: ['a.txt'] })).toMatchObject({
      status: 'changed',
    });
    expect(await placeFile(disk, { ...placement, tmp: await at.download('new'), target: ['b.txt'] })).toMatchObject({
      status: 'done',
    });
    expect([await at.text('a.txt'), await at.text('b.txt')]).toEqual(['mine', 'new']);
  });

  it('waits for its folder', async () => {
    const tmp = await at.download('new');
    const placed = await placeFile(at.disk, { ...placement, tmp, target: ['gone', 'a.txt'] });
    expect(placed).toEqual({ status: 'changed', what: 'parent' });
  });

  it('refuses a path that climbs out of the root', async () => {
    const tmp = await at.download('new');
    const target = ['..', 'outside.txt'];
    await expect(placeFile(at.disk, { ...placement, tmp, target })).rejects.toMatchObject({ code: 'name-refused' });
  });

  it('does not follow a symbolic link in a parent’s place', async () => {
    const tmp = await at.download('new');
    await mkdir(at.path('.driftless/outside'));
    await symlink(at.path('.driftless/outside'), at.path('folder'));
    const placed = await placeFile(at.disk, { ...placement, tmp, target: ['folder', 'a.txt'] });
    expect(placed).toEqual({ status: 'changed', what: 'parent' });
    expect(await at.names('.driftless/outside')).toEqual([]);
  });

  it('says that the disk is full in a sentence', async () => {
    const disk = at.with({ link: () => Promise.reject(Object.assign(new Error('full'), { code: 'ENOSPC' })) });
    const tmp = await at.download('new');
    await expect(placeFile(disk, { ...placement, tmp, target: ['a.txt'] })).rejects.toMatchObject({
      code: 'disk-full',
      message: expect.stringContaining('a.txt'),
    });
  });
});

describe('a replaced file', () => {
  it('has the new bytes, and undo has the old', async () => {
    const expected = await at.write('a.txt', 'old');
    const tmp = await at.download('new');
    const placed = await placeFile(at.disk, { ...placement, tmp, target: ['a.txt'], expected });
    expect(placed).toMatchObject({ status: 'done', conflict: false });
    expect(await at.text('a.txt')).toBe('new');
    expect(placed).toMatchObject({ stat: await at.stat('a.txt') });
    expect(await at.undone()).toEqual(['old']);
  });

  it('has the old bytes in undo on a disk without links too', async () => {
    const expected = await at.write('a.txt', 'old');
    const tmp = await at.download('new');
    const placed = await placeFile(at.with({ link: refuseLinks }), { ...placement, tmp, target: ['a.txt'], expected });
    expect(placed).toMatchObject({ status: 'done', conflict: false });
    expect(await at.text('a.txt')).toBe('new');
    expect(await at.undone()).toEqual(['old']);
  });

  it('keeps the permissions of the old one', async () => {
    await writeFile(at.path('secret'), 'old', { mode: 0o600 });
    const expected = await at.stat('secret');
    const tmp = await at.download('new');
    await placeFile(at.disk, { ...placement, tmp, target: ['secret'], expected, executable: true });
    expect((await stat(at.path('secret'))).mode & 0o777).toBe(0o700);
  });

  it('is left alone when it changed since it was observed', async () => {
    const expected = await at.write('a.txt', 'old');
    await at.write('a.txt', 'edited');
    const tmp = await at.download('new');
    const placed = await placeFile(at.disk, { ...placement, tmp, target: ['a.txt'], expected });
    expect(placed).toEqual({ status: 'changed', what: 'target' });
    expect(await at.text('a.txt')).toBe('edited');
    expect(await at.undone()).toEqual([]);
  });

  it('is left alone when its bytes changed and its time was set back', async () => {
    await at.write('a.txt', 'old');
    await nodeFilesystem.setMtime(at.path('a.txt'), MTIME);
    const expected = await at.stat('a.txt');
    await at.write('a.txt', 'two');
    await nodeFilesystem.setMtime(at.path('a.txt'), MTIME);
    const tmp = await at.download('new');
    const placed = await placeFile(at.disk, { ...placement, tmp, target: ['a.txt'], expected });
    expect(placed).toEqual({ status: 'changed', what: 'target' });
    expect(await at.text('a.txt')).toBe('two');
  });

  it('is left alone when it is another file of the same size and time', async () => {
    const expected = await at.write('a.txt', 'old');
    await at.write('b.txt', 'two');
    await nodeFilesystem.setMtime(at.path('b.txt'), mtimeMsOf(expected));
    await rename(at.path('b.txt'), at.path('a.txt'));
    const tmp = await at.download('new');
    const placed = await placeFile(at.disk, { ...placement, tmp, target: ['a.txt'], expected });
    expect(placed).toEqual({ status: 'changed', what: 'target' });
    expect(await at.text('a.txt')).toBe('two');
  });

  it('is left alone when it was saved anew while its old bytes were kept', async () => {
    const expected = await at.write('a.txt', 'old');
    const tmp = await at.download('new');
    const disk = at.with({
      link: async (existing, created) => {
        await link(existing, created);
        await at.write('.driftless/saved', 'saved');
        await rename(at.path('.driftless/saved'), at.path('a.txt'));
      },
    });
    const placed = await placeFile(disk, { ...placement, tmp, target: ['a.txt'], expected });
    expect(placed).toEqual({ status: 'changed', what: 'target' });
    expect(await at.text('a.txt')).toBe('saved');
    expect(await at.undone()).toEqual([]);
  });

  it('comes back beside the new one when a program wrote into it at the last moment', async () => {
    const expected = await at.write('a.txt', 'old');
    const tmp = await at.download('new');
    const disk = at.with({
      renameOver: async (from, to, isRight) => {
        if (!isRight(await nodeFilesystem.lstat(to))) return false;
        await appendFile(to, ' and more');
        await rename(from, to);
        return true;
      },
    });
    const placed = await placeFile(disk, { ...placement, tmp, target: ['a.txt'], expected });
    expect(placed).toMatchObject({ status: 'done', conflict: true });
    expect(await at.text('a.txt')).toBe('new');
    const [copy = ''] = (await at.names()).filter((name) => name.includes('(conflicted copy, Studio'));
    expect(await at.text(copy)).toBe('old and more');
    expect(await at.undone()).toEqual([]);
  });
});

describe('many files', () => {
  it('are placed together, each with a result of its own, and each folder is synced once', async () => {
    await mkdir(at.path('x'));
    await mkdir(at.path('y'));
    await at.write('x/3', 'mine');
    const synced: string[] = [];
    const disk = at.with({
      syncFolder: async (folder) => {
        synced.push(folder);
        await nodeFilesystem.syncFolder(folder);
      },
    });
    const targets = Array.from({ length: 40 }, (_, index) => [index % 2 === 0 ? 'y' : 'x', `${index}`]);
    const placements = await Promise.all(
      [...targets, ['..', 'out']].map(async (target) => ({ ...placement, tmp: await at.download('new'), target })),
    );
    const results = await placeFiles(disk, placements);
    expect(results.map(({ status }) => status)).toEqual([
      ...targets.map(([, name]) => (name === '3' ? 'changed' : 'done')),
      'failed',
    ]);
    expect(await at.names('y')).toHaveLength(20);
    expect(await at.text('x/3')).toBe('mine');
    expect(synced.sort()).toEqual([at.path('x'), at.path('y')]);
  });
});

describe('times', () => {
  it('are told back to the millisecond', async () => {
    await at.write('a.txt');
    for (let ms = 0; ms < 1_000; ms += 7) {
      await nodeFilesystem.setMtime(at.path('a.txt'), 1_763_647_322_000 + ms);
      expect(mtimeMsOf(await at.stat('a.txt'))).toBe(1_763_647_322_000 + ms);
    }
  });

  it('before 1970 and far ahead are too', async () => {
    await at.write('a.txt');
    for (const ms of [-1, -1_500, -86_400_001, 0, 1, 4_102_444_800_999]) {
      await nodeFilesystem.setMtime(at.path('a.txt'), ms);
      expect(mtimeMsOf(await at.stat('a.txt'))).toBe(ms);
    }
  });
});
