import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Desk } from './harness/desk.ts';
import type { Device, Pass } from './harness/device.ts';
import { until } from './harness/wait.ts';
import { Scene } from './harness.ts';

describe('what the disk refuses', () => {
  let scene: Scene;
  let one: Device;
  let two: Device;
  let desk: Desk;
  const closed = new Map<string, number>();
  const old = Date.now() - 60_000;

  const close = (path: string, mode: number): void => {
    closed.set(path, path.endsWith('.txt') ? 0o644 : 0o755);
    chmodSync(path, mode);
  };
  const openAll = (): void => {
    for (const [path, mode] of closed) if (existsSync(path)) chmodSync(path, mode);
    closed.clear();
  };
  const told = ({ problems }: Pass): readonly string[] => problems.map(({ path, code }) => `${path} ${code}`).sort();

  beforeEach(async () => {
    scene = await Scene.open();
    one = scene.unprivilegedDevice('one');
    two = scene.device('two');
    desk = new Desk(one.folder);
    for (let i = 0; i < 50; i += 1) desk.write(`neighbours/${i}.txt`, `${i}`, old);
  });
  afterEach(async () => {
    openAll();
    await scene.close();
  });

  it('to read, a locked or unreadable file, is listed, holds up nothing else, and is sent when it can be read', async () => {
    desk.write('locked.txt', 'locked', old);
    desk.write('closed/inside.txt', 'inside', old);
    close(one.path('locked.txt'), 0);
    close(one.path('closed'), 0);
    const pass = await one.once();
    expect(pass.code).toBe(2);
    expect(told(pass)).toEqual(['closed denied', 'locked.txt denied']);
    await two.mustSync();
    expect(existsSync(two.path('neighbours/49.txt'))).toBe(true);

    openAll();
    await one.mustSync();
    await two.mustSync();
    expect(readFileSync(two.path('locked.txt'), 'utf8')).toBe('locked');
    expect(readFileSync(two.path('closed/inside.txt'), 'utf8')).toBe('inside');
  });

  it('to tell of what is to be ignored keeps all that is new here', async () => {
    await one.mustSync();
    desk.write('.driftlessignore', '*.secret\n', old);
    desk.write('keys.secret', 'secret', old);
    desk.write('neighbours/0.txt', 'edited', old + 1_000);
    close(one.path('.driftlessignore'), 0);
    const pass = await one.once();
    expect(told(pass)).toEqual(['.driftlessignore denied', '.driftlessignore ignore-file-unreadable']);
    expect(pass.summary).toMatchObject({ uploaded: 1, deleted: 0 });
    openAll();
    await one.mustSync();
    await two.mustSync();
    expect(existsSync(two.path('keys.secret'))).toBe(false);
    expect(readFileSync(two.path('neighbours/0.txt'), 'utf8')).toBe('edited');
  });

  it('to show is not taken for deleted', async () => {
    desk.write('closed/inside.txt', 'inside', old);
    await one.mustSync();
    close(one.path('closed'), 0);
    desk.write('later.txt', 'later', old);
    const pass = await one.once();
    expect(told(pass)).toEqual(['closed denied']);
    expect(pass.summary).toMatchObject({ uploaded: 1, deleted: 0 });
    await two.mustSync();
    expect(existsSync(two.path('closed/inside.txt'))).toBe(true);
  });

  it('to change is listed, holds up nothing else, and is done when it is allowed', async () => {
    desk.write('fixed/a.txt', 'a', old);
    await one.mustSync();
    await two.mustSync();
    const other = new Desk(two.folder);
    other.write('fixed/a.txt', 'edited', old + 1_000);
    other.write('fixed/b.txt', 'new', old);
    other.write('free.txt', 'free', old);
    await two.mustSync();
    close(one.path('fixed'), 0o555);
    const pass = await one.once();
    expect(pass.code).toBe(2);
    expect(told(pass)).toEqual(['fixed/a.txt denied', 'fixed/b.txt denied']);
    expect(readFileSync(one.path('free.txt'), 'utf8')).toBe('free');
    expect(readFileSync(one.path('fixed/a.txt'), 'utf8')).toBe('a');

    openAll();
    await one.mustSync();
    expect(readFileSync(one.path('fixed/a.txt'), 'utf8')).toBe('edited');
    expect(readFileSync(one.path('fixed/b.txt'), 'utf8')).toBe('new');
  });
});

it('a file growing while read arrives whole when it has come to rest, without copies', async () => {
  await using scene = await Scene.open();
  const [one, two] = [scene.device('one'), scene.device('two')];
  const desk = new Desk(one.folder);
  await one.start();
  await two.start();
  const line = `${'a line of a log that is being written '.repeat(100)}\n`;
  writeFileSync(one.path('growing.log'), line.repeat(500));
  let grown = 0;
  const writer = setInterval(() => {
    desk.append('growing.log', line);
    grown += 1;
  }, 20);
  writeFileSync(one.path('neighbour.txt'), 'neighbour');
  try {
    await until('the neighbour', () => existsSync(two.path('neighbour.txt')));
    await until('the file to have grown for a while', () => grown > 150);
  } finally {
    clearInterval(writer);
  }
  const whole = readFileSync(one.path('growing.log'), 'utf8');
  await one.inSync();
  await two.inSync();
  expect(readFileSync(two.path('growing.log'), 'utf8')).toBe(whole);
  expect([...two.tree().keys()].sort()).toEqual(['growing.log', 'neighbour.txt']);
  expect([...one.tree().keys()].sort()).toEqual(['growing.log', 'neighbour.txt']);
});
