import { appendFile, link, mkdir, rename, stat, symlink, unlink } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { setMetadata } from '../../../main/engine/apply/local/metadata.ts';
import { makeFolder, moveEntry, park, unpark } from '../../../main/engine/apply/local/move.ts';
import { removeFile, removeFolder } from '../../../main/engine/apply/local/remove.ts';
import { pruneUndo } from '../../../main/engine/apply/local/undo.ts';
import { nodeFilesystem } from '../../../main/engine/disk/nodeFilesystem.ts';
import { emptyTmp } from '../../../main/engine/disk/tmp.ts';
import { mtimeMsOf, renamed } from '../../../main/engine/model.ts';
import { random } from '../scan/folder.ts';
import { TestDisk } from './disk.ts';

let at: TestDisk;

beforeEach(async () => {
  at = await TestDisk.make();
});

afterEach(async () => {
  await at.delete();
});

const refuseLinks = () => Promise.reject(Object.assign(new Error('no links here'), { code: 'EPERM' }));

describe('moving', () => {
  it('moves a file and tells what lies there now', async () => {
    const expected = await at.write('a');
    await mkdir(at.path('to'));
    const moved = await moveEntry(at.disk, { from: ['a'], to: ['to', 'b'], expected });
    expect(moved).toEqual({ status: 'done', stat: await at.stat('to/b') });
    expect(moved).toMatchObject({ stat: { links: 1 } });
    expect(await at.names()).toEqual(['to']);
  });

  it('moves a folder with everything inside', async () => {
    await at.write('a/deep/file');
    const expected = await at.stat('a');
    expect(await moveEntry(at.disk, { from: ['a'], to: ['b'], expected })).toMatchObject({ status: 'done' });
    expect(await at.text('b/deep/file')).toBe('a/deep/file');
  });

  it('never overwrites a file', async () => {
    const expected = await at.write('a');
    await at.write('b', 'mine');
    expect(await moveEntry(at.disk, { from: ['a'], to: ['b'], expected })).toEqual({
      status: 'changed',
      what: 'target',
    });
    expect(await at.text('b')).toBe('mine');
    expect(await at.text('a')).toBe('a');
  });

  it('never puts a file beside one of the same name in another Unicode form', async () => {
    const expected = await at.write('a');
    await at.write('e\u0301', 'mine');
    expect(await moveEntry(at.disk, { from: ['a'], to: ['\u00e9'], expected })).toMatchObject({ what: 'target' });
    expect(await at.names()).toHaveLength(2);
  });

  it('never overwrites a file that appears at the last moment', async () => {
    const expected = await at.write('a');
    const disk = at.with({
      link: async (existing, created) => {
        await at.write('b', 'mine');
        await link(existing, created);
      },
    });
    expect(await moveEntry(disk, { from: ['a'], to: ['b'], expected })).toMatchObject({ what: 'target' });
    expect(await at.text('b')).toBe('mine');
  });

  it('never takes the place of an empty folder', async () => {
    await mkdir(at.path('a'));
    await mkdir(at.path('b'));
    const expected = await at.stat('a');
    expect(await moveEntry(at.disk, { from: ['a'], to: ['b'], expected })).toMatchObject({ what: 'target' });
    expect(await at.names()).toEqual(['a', 'b']);
  });

  it('leaves a file alone that changed since it was observed', async () => {
    const expected = await at.write('a');
    await appendFile(at.path('a'), 'more');
    expect(await moveEntry(at.disk, { from: ['a'], to: ['b'], expected })).toMatchObject({ what: 'source' });
    expect(await at.names()).toEqual(['a']);
  });

  it('keeps a file that was saved anew under the old name in between', async () => {
    const expected = await at.write('a', 'old');
    const disk = at.with({
      link: async (existing, created) => {
        await link(existing, created);
        await at.write('.driftless/saved', 'saved');
        await rename(at.path('.driftless/saved'), at.path('a'));
      },
    });
    await moveEntry(disk, { from: ['a'], to: ['b'], expected });
    expect([await at.text('a'), await at.text('b')]).toEqual(['saved', 'old']);
  });

  it('keeps a file that was saved anew under the old name after the last look at it', async () => {
    const expected = await at.write('a', 'old');
    let isSaved = false;
    const disk = at.with({
      rename: async (from, to) => {
        if (!isSaved) {
          isSaved = true;
          await at.write('.driftless/saved', 'saved');
          await rename(at.path('.driftless/saved'), at.path('a'));
        }
        await rename(from, to);
      },
    });
    await moveEntry(disk, { from: ['a'], to: ['b'], expected });
    expect([await at.text('a'), await at.text('b')]).toEqual(['saved', 'old']);
  });

  it('does not give the new name to a file that was saved right before the move', async () => {
    const expected = await at.write('a', 'old');
    const disk = at.with({
      link: async (existing, created) => {
        await at.write('.driftless/saved', 'saved');
        await rename(at.path('.driftless/saved'), at.path('a'));
        await link(existing, created);
      },
    });
    expect(await moveEntry(disk, { from: ['a'], to: ['b'], expected })).toEqual({ status: 'changed', what: 'source' });
    expect(await at.names()).toEqual(['a']);
    expect(await at.stat('a')).toMatchObject({ links: 1 });
  });

  it('has moved a file that somebody replaced right after it arrived', async () => {
    const expected = await at.write('a', 'old');
    const disk = at.with({
      unlink: async (path) => {
        await at.write('.driftless/other', 'other');
        await rename(at.path('.driftless/other'), at.path('b'));
        await unlink(path);
      },
    });
    const moved = await moveEntry(disk, { from: ['a'], to: ['b'], expected });
    expect(moved).toMatchObject({ status: 'done', stat: { ino: expected.ino, links: 1 } });
    expect(await at.text('b')).toBe('other');
    expect(await at.names()).toEqual(['b']);
  });

  it('brings back a version that was saved in between, beside one that was saved even later', async () => {
    const expected = await at.write('a', 'old');
    const save = async (text: string): Promise<void> => {
      await at.write('.driftless/saved', text);
      await rename(at.path('.driftless/saved'), at.path('a'));
    };
    const disk = at.with({
      rename: async (from, to) => {
        await save('first');
        await rename(from, to);
        await save('second');
      },
    });
    await moveEntry(disk, { from: ['a'], to: ['b'], expected });
    const names = await at.names();
    expect(names).toEqual(['a', expect.stringMatching(/^a \(conflicted copy, Studio .*\)$/), 'b']);
    expect(await Promise.all(names.map((name) => at.text(name)))).toEqual(['second', 'first', 'old']);
  });

  it('renames where the disk cannot link', async () => {
    const expected = await at.write('a');
    const disk = at.with({ link: refuseLinks });
    expect(await moveEntry(disk, { from: ['a'], to: ['b'], expected })).toMatchObject({ status: 'done' });
    expect(await at.names()).toEqual(['b']);
  });

  it('leaves one name, not two, when the old one cannot be taken away', async () => {
    const expected = await at.write('a');
    const disk = at.with({
      rename: (from, to) =>
        from === at.path('a')
          ? Promise.reject(Object.assign(new Error('denied'), { code: 'EACCES' }))
          : nodeFilesystem.rename(from, to),
    });
    await expect(moveEntry(disk, { from: ['a'], to: ['b'], expected })).rejects.toMatchObject({ code: 'denied' });
    expect(await at.names()).toEqual(['a']);
  });

  it('changes the case of a name', async () => {
    const expected = await at.write('photo');
    expect(await moveEntry(at.disk, { from: ['photo'], to: ['Photo'], expected })).toMatchObject({ status: 'done' });
    expect(await at.names()).toEqual(['Photo']);
  });

  it('changes the case of a name where the disk finds the entry under both', async () => {
    const expected = await at.write('photo');
    const disk = at.with({ lstat: async (path) => nodeFilesystem.lstat(await existing(path)) });
    const existing = async (path: string): Promise<string> => {
      const other = path.replace(/Photo$/, 'photo');
      return (await nodeFilesystem.lstat(path)) ? path : other;
    };
    expect(await moveEntry(disk, { from: ['photo'], to: ['Photo'], expected })).toMatchObject({ status: 'done' });
    expect(await at.names()).toEqual(['Photo']);
  });

  it('does not take a second hard link for the file itself', async () => {
    await at.write('a');
    await link(at.path('a'), at.path('b'));
    const expected = await at.stat('a');
    expect(await moveEntry(at.disk, { from: ['a'], to: ['b'], expected })).toMatchObject({ what: 'target' });
    expect(await at.names()).toEqual(['a', 'b']);
  });

  it('cannot put a folder into itself', async () => {
    await mkdir(at.path('a'));
    const expected = await at.stat('a');
    expect((await moveEntry(at.disk, { from: ['a'], to: ['a', 'b'], expected })).status).toBe('changed');
  });

  it('does not follow a symbolic link in a parent’s place', async () => {
    const expected = await at.write('a');
    await mkdir(at.path('.driftless/outside'));
    await symlink(at.path('.driftless/outside'), at.path('to'));
    expect(await moveEntry(at.disk, { from: ['a'], to: ['to', 'a'], expected })).toMatchObject({ what: 'parent' });
    expect(await at.names('.driftless/outside')).toEqual([]);
  });

  it('swaps two files by way of the parking place', async () => {
    const a = await at.write('a');
    const b = await at.write('b');
    const id = random.nodeId();
    await park(at.disk, { id, from: ['a'], expected: a });
    await moveEntry(at.disk, { from: ['b'], to: ['a'], expected: b });
    await unpark(at.disk, { id, to: ['b'], expected: renamed(a) });
    expect([await at.text('a'), await at.text('b')]).toEqual(['b', 'a']);
  });

  it('does not park a file that was saved anew right before', async () => {
    const expected = await at.write('a', 'old');
    let isSaved = false;
    const disk = at.with({
      rename: async (from, to) => {
        if (!isSaved) {
          isSaved = true;
          await at.write('.driftless/saved', 'saved');
          await rename(at.path('.driftless/saved'), at.path('a'));
        }
        await rename(from, to);
      },
    });
    const parked = await park(disk, { id: random.nodeId(), from: ['a'], expected });
    expect(parked).toEqual({ status: 'changed', what: 'source' });
    expect([await at.text('a'), await at.names('.driftless/tmp')]).toEqual(['saved', []]);
  });

  it('keeps what is parked when leftovers are cleared, and what is named', async () => {
    const id = random.nodeId();
    await at.write('.driftless/tmp/half-a-download');
    await at.write('.driftless/tmp/go-on');
    await at.write('a/f');
    await park(at.disk, { id, from: ['a'], expected: await at.stat('a') });
    expect(await emptyTmp(nodeFilesystem, at.disk.root, new Set(['go-on']))).toEqual([id]);
    expect(await at.names('.driftless/tmp')).toEqual(['go-on', `parked-${id}`]);
  });
});

describe('making a folder', () => {
  it('makes it once', async () => {
    expect(await makeFolder(at.disk, ['a'])).toMatchObject({ status: 'done', stat: { kind: 'folder' } });
    expect(await makeFolder(at.disk, ['a'])).toEqual({ status: 'changed', what: 'target' });
  });

  it('makes none beside one of the same name in another Unicode form', async () => {
    await mkdir(at.path('e\u0301'));
    expect(await makeFolder(at.disk, ['\u00e9'])).toEqual({ status: 'changed', what: 'target' });
  });

  it('waits for the folder above', async () => {
    expect(await makeFolder(at.disk, ['a', 'b'])).toEqual({ status: 'changed', what: 'parent' });
  });

  it('cannot where another disk is mounted, and says so', async () => {
    await mkdir(at.path('a'));
    const disk = at.with({
      async lstat(path) {
        const sight = await nodeFilesystem.lstat(path);
        return sight?.kind === 'folder' && path === at.path('a') ? { ...sight, dev: sight.dev + 1n } : sight;
      },
    });
    await expect(makeFolder(disk, ['a'])).rejects.toMatchObject({ code: 'in-the-way', message: /disk is mounted/ });
  });
});

describe('removing', () => {
  it('takes a file into undo', async () => {
    const expected = await at.write('a', 'bytes');
    expect(await removeFile(at.disk, { at: ['a'], expected })).toMatchObject({ status: 'done' });
    expect(await at.names()).toEqual([]);
    expect(await at.undone()).toEqual(['bytes']);
  });

  it('takes a file with the longest possible name', async () => {
    const name = `${'ü'.repeat(125)}.txt`;
    const expected = await at.write(name, 'bytes');
    expect(await removeFile(at.disk, { at: [name], expected })).toMatchObject({ status: 'done' });
    expect(await at.undone()).toEqual(['bytes']);
  });

  it('leaves a file alone that changed since it was observed', async () => {
    const expected = await at.write('a');
    await appendFile(at.path('a'), ' more');
    expect(await removeFile(at.disk, { at: ['a'], expected })).toEqual({ status: 'changed', what: 'source' });
    expect(await at.text('a')).toBe('a more');
  });

  it('puts back a file that changed at the last moment', async () => {
    const expected = await at.write('a');
    let isWritten = false;
    const disk = at.with({
      rename: async (from, to) => {
        if (!isWritten) await appendFile(from, ' more');
        isWritten = true;
        await rename(from, to);
      },
    });
    expect(await removeFile(disk, { at: ['a'], expected })).toEqual({ status: 'changed', what: 'source' });
    expect(await at.text('a')).toBe('a more');
    expect(await at.undone()).toEqual([]);
  });

  it('puts back a file that changed at the last moment beside one that took its name', async () => {
    const expected = await at.write('a');
    let isWritten = false;
    const disk = at.with({
      rename: async (from, to) => {
        if (isWritten) return rename(from, to);
        isWritten = true;
        await appendFile(from, ' more');
        await rename(from, to);
        await at.write('a', 'another');
      },
    });
    expect(await removeFile(disk, { at: ['a'], expected })).toEqual({ status: 'changed', what: 'source' });
    const names = await at.names();
    expect(names).toEqual(['a', expect.stringMatching(/^a \(conflicted copy, Studio .*\)$/)]);
    expect(await Promise.all(names.map((name) => at.text(name)))).toEqual(['another', 'a more']);
  });

  it('removes an empty folder', async () => {
    await mkdir(at.path('a'));
    expect(await removeFolder(at.disk, { at: ['a'], expected: await at.stat('a') })).toEqual({ status: 'done' });
    expect(await at.names()).toEqual([]);
  });

  it('keeps a folder with ignored files, and says that nothing else is left', async () => {
    await at.write('a/b/.DS_Store');
    const removal = { at: ['a'], expected: await at.stat('a') };
    expect(await removeFolder(at.disk, removal)).toEqual({ status: 'not-empty', onlyIgnored: true });
    await at.write('a/b/real');
    expect(await removeFolder(at.disk, removal)).toEqual({ status: 'not-empty', onlyIgnored: false });
    expect(await at.names('a/b')).toEqual(['.DS_Store', 'real']);
  });
});

describe('metadata', () => {
  it('sets time and executable bit, not the bytes', async () => {
    const expected = await at.write('a');
    const mtimeMs = 1_700_000_000_007;
    const set = await setMetadata(at.disk, { at: ['a'], expected, mtimeMs, executable: true });
    expect(set).toMatchObject({ status: 'done', stat: { executable: true, ino: expected.ino } });
    expect(mtimeMsOf(await at.stat('a'))).toBe(mtimeMs);
    expect((await stat(at.path('a'))).mode & 0o777).toBe(0o755);
  });

  it('leaves a file alone that changed since it was observed', async () => {
    const expected = await at.write('a');
    await appendFile(at.path('a'), 'more');
    const before = await at.stat('a');
    const set = await setMetadata(at.disk, { at: ['a'], expected, mtimeMs: 5, executable: true });
    expect(set).toEqual({ status: 'changed', what: 'source' });
    expect(await at.stat('a')).toEqual(before);
  });
});

describe('undo', () => {
  const DAY = 86_400_000;

  it('is kept for thirty days', async () => {
    const now = Date.UTC(2026, 10, 20);
    for (const age of [0, 29, 30, 31, 90]) {
      const disk = { ...at.disk, clock: { ...at.disk.clock, now: () => now - age * DAY } };
      await removeFile(disk, { at: ['a'], expected: await at.write('a', `${age} days`) });
    }
    expect(await pruneUndo(at.disk, now)).toMatchObject({ deleted: 2 });
    expect(await at.undone()).toEqual(['0 days', '29 days', '30 days']);
    expect(await at.names('.driftless/undo')).toHaveLength(3);
  });

  it('takes at most a tenth of the disk, and the oldest go first', async () => {
    const now = Date.UTC(2026, 10, 20);
    for (const age of [3, 2, 1, 0]) {
      const disk = { ...at.disk, clock: { ...at.disk.clock, now: () => now - age * DAY } };
      await removeFile(disk, { at: ['a'], expected: await at.write('a', `${age}`.repeat(100)) });
    }
    const disk = at.with({ totalBytes: async () => 2_500 });
    expect(await pruneUndo(disk, now)).toEqual({ deleted: 2, bytesKept: 200 });
    expect(await at.undone()).toEqual(['0'.repeat(100), '1'.repeat(100)]);
  });

  it('keeps what came a moment ago on the fullest disk: an operation may still need it', async () => {
    const now = Date.UTC(2026, 10, 20, 0, 5);
    for (const minutes of [11, 9, 0]) {
      const disk = { ...at.disk, clock: { ...at.disk.clock, now: () => now - minutes * 60_000 } };
      await removeFile(disk, { at: ['a'], expected: await at.write('a', `${minutes} minutes`) });
    }
    expect(await pruneUndo(at.with({ totalBytes: async () => 0 }), now)).toMatchObject({ deleted: 1 });
    expect(await at.undone()).toEqual(['0 minutes', '9 minutes']);
  });

  it('does not mind files that are gone', async () => {
    const removed = await removeFile(at.disk, { at: ['a'], expected: await at.write('a') });
    if (removed.status === 'done') await unlink(removed.kept);
    expect(await pruneUndo(at.disk, Date.now())).toMatchObject({ deleted: 0 });
  });
});
