import { existsSync, readdirSync } from 'node:fs';
import { describe, expect } from 'vitest';
import { FOLDER } from './harness/desk.ts';
import { run } from './harness/program.ts';
import { it as withTwoDevices } from './harness/twoDevices.ts';
import { until } from './harness/wait.ts';

const old = Date.now() - 60_000;

const it = withTwoDevices
  .extend('cloudOnly', ({ one }) => async (path: string, ...flags: readonly string[]): Promise<void> => {
    const ended = await run('driftless', ['cloud-only', path, ...flags, '--state', one.state]);
    expect(ended).toMatchObject({ code: 0, stderr: '' });
  })
  .extend('left', ({ one, cloudOnly }) => async (path: string): Promise<void> => {
    await cloudOnly(path);
    await until('the folder to leave', () => !existsSync(one.path(path)));
    await one.inSync();
  });

describe('a folder left to the server', () => {
  it.beforeEach(async ({ one, two, desk }) => {
    for (const path of ['films/a.mov', 'films/2019/b.mov', 'notes/c.txt']) desk.write(path, path, old);
    await one.mustSync();
    await two.start();
    await two.inSync();
    await one.start();
    await one.inSync();
  });

  it('leaves this disk, frees its room, and stays everywhere else', async ({ one, two, desk, other, left }) => {
    await left('films');
    await two.inSync();
    expect(desk.listing()).toEqual({ notes: FOLDER, 'notes/c.txt': 'notes/c.txt' });
    expect(Object.keys(other.listing())).toContain('films/2019/b.mov');
    const undo = readdirSync(one.path('.driftless/undo'), { recursive: true, withFileTypes: true });
    expect(undo.filter((entry) => entry.isFile())).toEqual([]);
  });

  it('gets nothing that is new in it, also after a restart, and comes back whole', async ({
    one,
    two,
    desk,
    other,
    cloudOnly,
    left,
  }) => {
    await left('films');
    other.write('films/2019/new.mov', 'new', old);
    other.write('notes/new.txt', 'new', old);
    await two.inSync();
    await one.inSync();
    expect([existsSync(one.path('films')), existsSync(one.path('notes/new.txt'))]).toEqual([false, true]);
    await one.terminate();
    await one.mustSync();
    expect(existsSync(one.path('films'))).toBe(false);
    await one.start();
    await one.inSync();
    await cloudOnly('films', '--off');
    await until('the folder to come back', () => existsSync(one.path('films/2019/new.mov')));
    await one.inSync();
    expect(desk.listing()).toEqual(other.listing());
  });

  it('keeps what was edited a moment before until that is on the server', async ({ one, two, desk, other, left }) => {
    await one.terminate();
    desk.write('films/a.mov', 'edited', old + 1_000);
    await one.start();
    await one.inSync();
    desk.write('films/2019/b.mov', 'edited too', old + 1_000);
    await left('films');
    await two.inSync();
    expect(other.listing()).toMatchObject({ 'films/a.mov': 'edited', 'films/2019/b.mov': 'edited too' });
  });

  it('is not deleted on the server with the folder around it', async ({ one, two, desk, other, left }) => {
    await left('films/2019');
    desk.remove('films');
    await one.inSync();
    await two.inSync();
    await one.inSync();
    expect(other.listing()).toMatchObject({ 'films/2019/b.mov': 'films/2019/b.mov' });
    expect(existsSync(one.path('films/2019'))).toBe(false);
  });

  it('keeps its name: what is made under that name here is another folder', async ({ one, two, desk, other, left }) => {
    await left('films');
    desk.write('films/mine.mov', 'mine', old);
    await one.inSync();
    await two.inSync();
    const names = readdirSync(two.folder).filter((name) => name.startsWith('films'));
    expect(names).toEqual(['films', expect.stringMatching(/^films \(conflicted copy, /)]);
    expect(other.listing()).toMatchObject({ 'films/a.mov': 'films/a.mov', [`${names[1]}/mine.mov`]: 'mine' });
  });

  it('takes along what another device moves into it, and gives back what is moved out', async ({
    one,
    two,
    desk,
    other,
    left,
  }) => {
    await left('films');
    other.move('notes/c.txt', 'films/c.txt');
    other.move('films/a.mov', 'a.mov');
    await two.inSync();
    await one.inSync();
    await until('the file to leave', () => !existsSync(one.path('notes/c.txt')));
    await one.inSync();
    expect(desk.listing()).toEqual({ notes: FOLDER, 'a.mov': 'films/a.mov' });
    await two.inSync();
    expect(other.listing()).toMatchObject({ 'films/c.txt': 'notes/c.txt', 'a.mov': 'films/a.mov' });
  });

  it('leaves the ignored files in it alone', async ({ one, two, desk, cloudOnly }) => {
    desk.write('films/.DS_Store', 'here', old);
    await cloudOnly('films');
    await until('the files to leave', () => !existsSync(one.path('films/a.mov')));
    await one.inSync();
    await one.inSync();
    expect(desk.listing()).toEqual({
      films: FOLDER,
      'films/.DS_Store': 'here',
      notes: FOLDER,
      'notes/c.txt': 'notes/c.txt',
    });
    await two.inSync();
    expect(readdirSync(two.folder).filter((name) => name.startsWith('films'))).toEqual(['films']);
  });

  it('can be any folder of the server, and nothing else', async ({ one }) => {
    const refused = async (path: string) => (await run('driftless', ['cloud-only', path, '--state', one.state])).stderr;
    expect(await refused('nothing')).toMatch(/^“nothing” is not on the server: /);
    expect(await refused('notes/c.txt')).toMatch(/^“notes\/c.txt” is a file: /);
    expect(await refused('.')).toMatch(/^The whole folder cannot be left to the server: /);
  });
});
