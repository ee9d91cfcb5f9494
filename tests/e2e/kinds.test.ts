import { execFileSync } from 'node:child_process';
import { linkSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Desk } from './harness/desk.ts';
import type { Device, Pass } from './harness/device.ts';
import { differences, readTree } from './harness/tree.ts';
import { Scene } from './harness.ts';

const DROPPED = [
  '.DS_Store',
  '._plain.txt',
  'Thumbs.db',
  'desktop.ini',
  '~$plain.docx',
  'a.tmp',
  'b.part',
  'c.crdownload',
] as const;
const NOT_FOR_WINDOWS = ['a:b?.txt', 'back\\slash', 'blank ', 'con.txt', 'dot.', 'quote"', 'star*'] as const;
const LONG_NAME = `${'ü'.repeat(125)}.text`;
const DEEP = Array.from({ length: 60 }, (_, level) => `level ${level} with a long name`).join('/');

describe('a folder with odd things in it', () => {
  let scene: Scene;
  let one: Device;
  let two: Device;
  let pass: Pass;

  beforeAll(async () => {
    scene = await Scene.open();
    one = scene.device('one');
    two = scene.device('two');
    const desk = new Desk(one.folder);
    const put = (path: string, text = path): void => desk.write(path, text, Date.now() - 60_000);

    const outside = join(scene.directory, 'outside');
    mkdirSync(outside);
    writeFileSync(join(outside, 'secret.txt'), 'secret');
    put('links/plain.txt');
    symlinkSync(outside, one.path('links/to outside'));
    symlinkSync(join(outside, 'secret.txt'), one.path('links/to secret'));
    symlinkSync('plain.txt', one.path('links/to plain'));
    symlinkSync('nowhere', one.path('links/to nowhere'));
    symlinkSync('.', one.path('links/to itself'));

    put('pipes/plain.txt');
    execFileSync('mkfifo', [one.path('pipes/pipe')]);
    const socket = createServer();
    await new Promise<void>((resolve) => socket.listen(one.path('pipes/socket'), resolve));

    put('twins/first name.txt', 'twins');
    linkSync(one.path('twins/first name.txt'), one.path('twins/second name.txt'));

    put('dropped/plain.txt');
    for (const name of DROPPED) put(`dropped/${name}`);

    for (const name of NOT_FOR_WINDOWS) put(`elsewhere/${name}`);

    put('names/plain.txt');
    writeFileSync(one.path('names/line\nbreak.txt'), 'odd');
    execFileSync('sh', ['-c', 'printf odd > "$1/$(printf \'\\377bad\')"', 'sh', one.path('names')]);

    put(`long/${LONG_NAME}`, 'base');
    put(`deep/${DEEP}/bottom.txt`);
    for (let i = 0; i < 1_000; i += 1) put(`wide/${i}`);

    pass = await one.once();
    socket.close();
    await two.mustSync();
  });
  afterAll(() => scene?.close());

  const arrived = (folder: string): readonly string[] => [...readTree(two.path(folder)).keys()].sort();

  it('does not follow symbolic links, to files or folders, inside or outside', () => {
    expect(arrived('links')).toEqual(['plain.txt']);
    expect(readdirSync(one.path('links'))).toContain('to outside');
  });

  it('does not wait for pipes and sockets', () => {
    expect(arrived('pipes')).toEqual(['plain.txt']);
  });

  it('leaves out what operating systems and programs drop', () => {
    expect(arrived('dropped')).toEqual(['plain.txt']);
  });

  it('lists names that cannot travel, and syncs their neighbours', () => {
    expect(pass.code).toBe(2);
    expect(pass.problems.map(({ path }) => dirname(path))).toEqual(['names', 'names']);
    expect(arrived('names')).toEqual(['plain.txt']);
  });

  it('takes names that only Windows refuses, without a word where nobody has it', () => {
    expect(arrived('elsewhere')).toEqual([...NOT_FOR_WINDOWS]);
  });

  it('holds deep folders and many files in one folder', () => {
    expect(differences(readTree(one.path('deep')), readTree(two.path('deep')))).toEqual([]);
    expect(differences(readTree(one.path('wide')), readTree(two.path('wide')))).toEqual([]);
  });

  it('syncs every name of a file with several, and an edit of one is of one only', async () => {
    expect(arrived('twins')).toEqual(['first name.txt', 'second name.txt']);
    writeFileSync(two.path('twins/second name.txt'), 'edited');
    await two.mustSync();
    await one.once();
    expect(readFileSync(one.path('twins/second name.txt'), 'utf8')).toBe('edited');
    expect(readFileSync(one.path('twins/first name.txt'), 'utf8')).toBe('twins');
  });

  it('holds names of 255 bytes, and conflict copies of them', async () => {
    writeFileSync(one.path(`long/${LONG_NAME}`), 'by one');
    writeFileSync(two.path(`long/${LONG_NAME}`), 'by the other');
    await one.once();
    await two.mustSync();
    await one.once();
    expect(differences(readTree(one.path('long')), readTree(two.path('long')))).toEqual([]);
    expect(arrived('long')).toHaveLength(2);
  });
});
