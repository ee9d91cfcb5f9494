import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import type { EngineOptions } from '../../main/engine/api.ts';
import { pathInFolder } from '../../main/headless/pathInFolder.ts';
import { openSession } from '../../main/headless/session.ts';
import { jsonLines, run, type Scene, scene } from './driftless.ts';
import { type EngineDouble, type EngineScript, engineDouble } from './engineDouble.ts';

let here: Scene;
let engine: EngineDouble;

async function begin(script: EngineScript = { starts: { status: { state: 'idle' } } }): Promise<void> {
  here = scene();
  engine = engineDouble(script);
  const session = openSession({ folder: here.folder, stateDir: here.state } as EngineOptions, () => engine);
  await session.start();
  onTestFinished(() => session.stop());
}

const driftless = (...args: readonly string[]) => run([...args, '--state', here.state], here.env);

describe('driftless cloud-only', () => {
  test('leaves a folder to the server, lists it, and brings it back', async () => {
    await begin();
    expect((await driftless('cloud-only', 'Films/2019')).stdout).toBe('On the server only:\n  Films/2019\n');
    expect(jsonLines((await driftless('cloud-only', '--json')).stdout)).toEqual([{ folders: ['Films/2019'] }]);
    const back = await driftless('cloud-only', join(here.folder, 'Films', '2019'), '--off');
    expect(back).toEqual({ code: 0, stdout: 'Every folder is kept on this computer.\n', stderr: '' });
    expect(engine.calls.slice(1)).toEqual(['cloud-only Films/2019 true', 'cloud-only Films/2019 false']);
  });

  test('says why not, as one sentence', async () => {
    await begin({ refusesFolder: '“Films” is a file: name the folder that it lies in.' });
    const { code, stderr } = await driftless('cloud-only', 'Films');
    expect({ code, stderr }).toEqual({ code: 1, stderr: '“Films” is a file: name the folder that it lies in.\n' });
  });

  test('asks nothing about a place outside the folder', async () => {
    await begin();
    const { code, stderr } = await driftless('cloud-only', '../elsewhere');
    expect(code).toBe(1);
    expect(stderr).toBe(`../elsewhere is not in ${here.folder}: name a folder inside it.\n`);
    expect(engine.calls).toEqual(['start']);
  });
});

describe('a path on the command line', () => {
  test.each([
    ['Films', '/home/ada', 'Films'],
    ['./Films/', '/home/ada/Driftless', 'Films'],
    ['2019', '/home/ada/Driftless/Films', 'Films/2019'],
    ['..', '/home/ada/Driftless/Films/2019', 'Films'],
    ['/home/ada/Driftless/Films', '/', 'Films'],
    ['.', '/home/ada/Driftless', ''],
  ])('%s, seen from %s, is %s', (named, cwd, path) => {
    expect(pathInFolder('/home/ada/Driftless', named, cwd)).toBe(path);
  });

  test.each(['/home/ada/Driftless2', '../Driftless2', '/'])('%s is outside', (named) => {
    expect(() => pathInFolder('/home/ada/Driftless', named, '/home/ada/Driftless')).toThrow('is not in');
  });
});

describe('driftless ignore', () => {
  const file = (): string => join(here.folder, '.driftlessignore');
  beforeEach(() => begin());

  test('makes the ignore file, and has everything looked at', async () => {
    const { code, stdout } = await driftless('ignore', 'build/');
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: '“build/” is ignored from now on; what is synced already stays.\n',
    });
    expect(readFileSync(file(), 'utf8')).toBe('build/\n');
    expect(engine.calls).toContain('syncNow');
  });

  test('adds a line of its own to what is there', async () => {
    writeFileSync(file(), '# mine\n*.log');
    expect(jsonLines((await driftless('ignore', '!keep.log', '--json')).stdout)).toEqual([
      { pattern: '!keep.log', added: true },
    ]);
    expect(readFileSync(file(), 'utf8')).toBe('# mine\n*.log\n!keep.log\n');
  });

  test('writes nothing twice', async () => {
    writeFileSync(file(), '*.log\r\n');
    expect((await driftless('ignore', '*.log')).stdout).toBe('“*.log” is ignored already.\n');
    expect(readFileSync(file(), 'utf8')).toBe('*.log\r\n');
  });

  test.each(['', '   ', '# a remark', 'two\nlines'])('refuses %j', async (pattern) => {
    const { code, stderr } = await driftless('ignore', pattern);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: 'That is not a pattern: write it like “*.log” or “build/”.\n',
    });
  });

  test('says so when the file cannot be written', async () => {
    mkdirSync(file());
    const { code, stderr } = await driftless('ignore', '*.log');
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: '.driftlessignore cannot be written (EISDIR): check its permissions.\n',
    });
  });
});
