import { mkdir, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import ignore from 'ignore';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { nodeFilesystem } from '../../../main/engine/disk/nodeFilesystem.ts';
import { IgnoreRules } from '../../../main/engine/scan/ignore.ts';
import { IgnoreFile } from '../../../main/engine/scan/ignoreFile.ts';
import { scan } from '../../../main/engine/scan/scanner.ts';
import { sweepMissing } from '../../../main/engine/scan/sweep.ts';
import { SyncedFolder } from './folder.ts';

/** The library itself, which tells how often it was begun anew. */
vi.mock('ignore', async (load) => {
  const real = await load<{ default: typeof ignore }>();
  return { ...real, default: vi.fn(real.default) };
});

describe('what is left alone', () => {
  it.each([
    '.DS_Store',
    'a/._b',
    'Thumbs.db',
    'desktop.ini',
    '~$letter.docx',
    '.~lock.x.odt#',
    'x.TMP',
    'x.part',
    'x.crdownload',
  ])('is %s by default', (path) => {
    expect(new IgnoreRules().reason(path, 'file')).toMatch(/temporary or system/);
  });

  it('is no more than that by default', () => {
    for (const path of ['tmp', 'part.txt', 'x.tmp/inside', 'x~', 'a_b', '.gitignore']) {
      expect(new IgnoreRules().reason(path, 'file')).toBeNull();
    }
  });

  it.each([
    ['*.log', 'deep/down/x.log', 'file'],
    ['build/', 'a/build', 'folder'],
    ['build/', 'a/build/x.o', 'file'],
    ['/top', 'top', 'file'],
    ['docs/**/*.pdf', 'docs/a/b/c.pdf', 'file'],
    ['*.LOG', 'x.log', 'file'],
    ['Mu\u0308ll', 'M\u00fcll', 'folder'],
    ['.*', '.hidden', 'file'],
  ] as const)('is what the pattern %s matches: %s', (pattern, path, kind) => {
    expect(new IgnoreRules(`# comment\n${pattern}\n`).reason(path, kind)).toMatch(/\.driftlessignore/);
  });

  it.each([
    ['build/', 'build', 'file'],
    ['/top', 'a/top', 'file'],
    ['*.log\n!keep.log', 'keep.log', 'file'],
    ['!*.tmp', 'x.tmp', 'file'],
    ['.*', '.driftlessignore', 'file'],
  ] as const)('is not what the patterns %j spare: %s', (patterns, path, kind) => {
    expect(new IgnoreRules(patterns).reason(path, kind)).toBeNull();
  });

  it('lets the library forget what it was asked about: it remembers every path it ever met', () => {
    const rules = new IgnoreRules('*.kind');
    vi.mocked(ignore).mockClear();
    for (let i = 0; i < 25_000; i += 1) rules.reason(`file ${i}.txt`, 'file');
    expect(ignore).toHaveBeenCalledTimes(3);
  });
});

describe('patterns and the disk', () => {
  let folder: SyncedFolder;
  let file: IgnoreFile;

  beforeEach(async () => {
    folder = await SyncedFolder.make();
    file = new IgnoreFile(nodeFilesystem, folder.root);
    folder.ignores = file;
  });
  afterEach(async () => {
    await folder.delete();
  });

  it('are read again when the file changes, and not otherwise', async () => {
    expect(await file.changed()).toBe(false);
    await folder.write('.driftlessignore', '*.log');
    expect(await file.changed()).toBe(true);
    expect(file.reason('x.log', 'file')).not.toBeNull();
    expect(await file.changed()).toBe(false);
    await rm(folder.path('.driftlessignore'));
    expect(await file.changed()).toBe(true);
    expect(file.reason('x.log', 'file')).toBeNull();
  });

  it('keep everything new here for as long as they cannot be read, and that is a problem', async () => {
    await writeFile(folder.path('.driftlessignore'), Buffer.alloc(2 * 1024 * 1024, 'a\n'));
    expect(await file.changed()).toBe(true);
    expect(file.problem?.message).toMatch(/cannot be read/);
    expect(file.reason('anything', 'file')).toMatch(/cannot be read/);
    expect(file.reason('.driftlessignore', 'file')).toBeNull();
    await folder.write('.driftlessignore', '*.log');
    expect(await file.changed()).toBe(true);
    expect(file.problem).toBeNull();
  });

  it('are not taken from where a link leads', async () => {
    await folder.write('patterns', '*.log');
    await symlink('patterns', folder.path('.driftlessignore'));
    await file.changed();
    expect(file.reason('x.log', 'file')).toBeNull();
  });

  it('take back what was found but not sent yet, and give it again', async () => {
    await folder.write('build/x.o');
    await folder.write('kept.txt');
    await folder.scan();
    await folder.write('.driftlessignore', 'build/');
    await file.changed();
    const report = await folder.scan();
    expect(Object.keys(folder.tree.paths()).sort()).toEqual(['.driftlessignore', 'kept.txt']);
    expect(report.ignored).toEqual([{ path: 'build', why: 'a pattern in .driftlessignore matches it' }]);
    expect(folder.tree.missing(Infinity)).toEqual([]);
    await rm(folder.path('.driftlessignore'));
    await file.changed();
    await folder.scan();
    expect(Object.keys(folder.tree.paths())).toContain('build/x.o');
  });

  it('do not take back what has another name by now', async () => {
    await folder.write('x.log');
    await folder.scan();
    const id = folder.id('x.log');
    await rename(folder.path('x.log'), folder.path('x.txt'));
    await folder.write('x.log', 'another');
    await folder.write('.driftlessignore', '*.log');
    await file.changed();
    await folder.scan();
    expect(folder.tree.paths()).toEqual({ 'x.txt': id, '.driftlessignore': expect.any(String) });
  });

  it('leave alone what is synced, also when it is edited, and keep out what is new beside it', async () => {
    await folder.write('build/x.o');
    const before = await folder.agree();
    await folder.write('.driftlessignore', 'build/');
    await folder.write('build/y.o');
    await utimes(folder.path('build/x.o'), 1, 1);
    await file.changed();
    await folder.scan();
    expect(folder.tree.paths()).toEqual({ ...before, '.driftlessignore': expect.any(String) });
    expect(folder.tree.get(folder.id('build/x.o'))?.stat.mtimeNs).toBe(1_000_000_000n);
  });

  it('are asked about what is new only, once they have been asked about everything', async () => {
    await folder.write('known.txt');
    await folder.write('folder/known.txt');
    await folder.scan();
    const asked: string[] = [];
    folder.ignores = {
      reason(path) {
        asked.push(path);
        return null;
      },
    };
    await folder.write('folder/new.txt');
    await folder.write('known.txt', 'edited');
    await scan(folder.parts, { folders: 'all', judged: true });
    expect(asked).toEqual(['folder/new.txt']);
  });

  it('do not concern a name that the server needs', async () => {
    await folder.write('x.log');
    await folder.write('y.log');
    await folder.write('.driftlessignore', '*.log');
    await file.changed();
    folder.tree.wanted.add('x.log');
    await folder.scan();
    expect(Object.keys(folder.tree.paths()).sort()).toEqual(['.driftlessignore', 'x.log']);
  });

  it('let go of a synced file in whose place an ignored folder lies', async () => {
    await folder.write('build');
    await folder.write('.driftlessignore', 'build/');
    await file.changed();
    await folder.agree();
    await rm(folder.path('build'));
    await mkdir(folder.path('build'));
    await folder.scan();
    const swept = await sweepMissing(folder.parts, folder.now + 10_000);
    expect(swept).toMatchObject({ removed: 1, again: [] });
  });
});
