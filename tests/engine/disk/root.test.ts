import { mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nodeFilesystem as fs } from '../../../main/engine/disk/nodeFilesystem.ts';
import { isRealFolder, pathInside } from '../../../main/engine/disk/paths.ts';
import { checkRoot, openRoot } from '../../../main/engine/disk/root.ts';

const ID = '6f6b5f5e-6f2c-4f6e-9d2a-3c1a6f0e9b11';
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'driftless-root-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe('opening a root', () => {
  it('marks a folder when told to, for its owner only', async () => {
    const opening = await openRoot(fs, folder, () => ID);
    expect(opening).toMatchObject({ status: 'open', marked: 'now', root: { id: ID, executableBit: true } });
    expect(JSON.parse(await readFile(join(folder, '.driftless/folder.json'), 'utf8'))).toEqual({ id: ID, version: 1 });
    expect((await stat(join(folder, '.driftless'))).mode & 0o777).toBe(0o700);
  });

  it('knows a marked folder again', async () => {
    await openRoot(fs, folder, () => ID);
    expect(await openRoot(fs, folder, null)).toMatchObject({ status: 'open', marked: 'before', root: { id: ID } });
  });

  it('leaves an unmarked folder as it is unless told otherwise', async () => {
    expect(await openRoot(fs, folder, null)).toMatchObject({ status: 'refused', fault: { code: 'unmarked' } });
    expect(await fs.names(folder)).toEqual([]);
  });

  it('resolves a folder that is given as a link', async () => {
    const link = `${folder}-link`;
    await symlink(folder, link);
    try {
      expect(await openRoot(fs, link, () => ID)).toMatchObject({ root: { path: await fs.realpath(folder) } });
    } finally {
      await rm(link);
    }
  });

  it('refuses a missing folder, a file and a broken marker, each with its reason', async () => {
    const file = join(folder, 'file');
    await writeFile(file, '');
    const broken = join(folder, 'broken');
    await mkdir(join(broken, '.driftless'), { recursive: true });
    await writeFile(join(broken, '.driftless/folder.json'), '{"id":');
    const codes = [];
    for (const path of [join(folder, 'missing'), file, broken]) {
      const opening = await openRoot(fs, path, () => ID);
      codes.push(opening.status === 'refused' ? opening.fault.code : opening.status);
    }
    expect(codes).toEqual(['missing', 'not-a-folder', 'marker-unreadable']);
  });

  it('refuses a folder in which nothing can be written', async () => {
    const readOnly = { ...fs, mkdir: () => Promise.reject(Object.assign(new Error('read-only'), { code: 'EROFS' })) };
    const opening = await openRoot(readOnly, folder, () => ID);
    expect(opening).toMatchObject({ status: 'refused', fault: { code: 'not-writable' } });
  });

  it('refuses a folder whose .driftless leads elsewhere', async () => {
    await symlink(tmpdir(), join(folder, '.driftless'));
    expect(await openRoot(fs, folder, () => ID)).toMatchObject({ status: 'refused', fault: { code: 'not-writable' } });
  });
});

describe('checking a root', () => {
  it('sees that another folder lies in its place', async () => {
    const opening = await openRoot(fs, folder, () => ID);
    if (opening.status !== 'open') throw new Error(opening.fault.message);
    expect(await checkRoot(fs, opening.root)).toMatchObject({ status: 'there' });
    await rm(join(folder, '.driftless'), { recursive: true });
    expect(await checkRoot(fs, opening.root)).toMatchObject({ status: 'refused', fault: { code: 'unmarked' } });
    await openRoot(fs, folder, () => crypto.randomUUID());
    expect(await checkRoot(fs, opening.root)).toMatchObject({ status: 'refused', fault: { code: 'other-marker' } });
  });
});

describe('paths', () => {
  it('are made of names only', () => {
    expect(pathInside('/folder', ['a', 'b…', 'c\\d'])).toBe('/folder/a/b…/c\\d');
    for (const name of ['..', '.', '', 'a/b', '/', 'a\0b']) {
      expect(() => pathInside('/folder', ['a', name])).toThrow(expect.objectContaining({ code: 'name-refused' }));
    }
  });

  it('lead through real folders only', async () => {
    await mkdir(join(folder, 'real/deep'), { recursive: true });
    await symlink(join(folder, 'real'), join(folder, 'link'));
    await writeFile(join(folder, 'file'), '');
    expect(await isRealFolder(fs, folder, ['real', 'deep'])).toBe(true);
    expect(await isRealFolder(fs, folder, ['link'])).toBe(false);
    expect(await isRealFolder(fs, folder, ['link', 'deep'])).toBe(false);
    expect(await isRealFolder(fs, folder, ['file'])).toBe(false);
    expect(await isRealFolder(fs, folder, ['missing'])).toBe(false);
  });

  it('do not lead onto another disk', async () => {
    await mkdir(join(folder, 'mount'));
    const elsewhere = {
      ...fs,
      lstat: async (path: string) => {
        const sight = await fs.lstat(path);
        return sight?.kind === 'folder' && path.endsWith('mount') ? { ...sight, dev: sight.dev + 1n } : sight;
      },
    };
    expect(await isRealFolder(elsewhere, folder, ['mount'])).toBe(false);
  });
});
