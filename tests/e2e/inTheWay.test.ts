import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Desk } from './harness/desk.ts';
import type { Device, Pass } from './harness/device.ts';
import { until } from './harness/wait.ts';
import { Scene } from './harness.ts';

/** Far less than it takes until something is said to keep changing. */
const AT_ONCE_S = 10;

describe('what is never synced, at names that the server’s tree needs', () => {
  let scene: Scene;
  let one: Device;
  let two: Device;
  let outside: string;
  let socket: Server;
  let pass: Pass;

  beforeAll(async () => {
    scene = await Scene.open();
    one = scene.device('one');
    two = scene.device('two');
    outside = join(scene.directory, 'outside');
    mkdirSync(outside);
    const desk = new Desk(one.folder);
    for (const name of ['project', 'piped']) desk.write(`${name}/inside.txt`, name, Date.now() - 60_000);
    for (const name of ['plan.txt', 'dangling.txt', 'socket', 'neighbour.txt']) {
      desk.write(name, name, Date.now() - 60_000);
    }
    symlinkSync(outside, two.path('project'));
    symlinkSync(join(outside, 'plan.txt'), two.path('plan.txt'));
    symlinkSync('nowhere', two.path('dangling.txt'));
    execFileSync('mkfifo', [two.path('piped')]);
    socket = createServer();
    await new Promise<void>((listening) => socket.listen(two.path('socket'), listening));
    await one.mustSync();
    pass = await two.once();
  });
  afterAll(async () => {
    await scene?.close();
    socket?.close();
  });

  it('is listed at once, with its true reason', () => {
    expect(pass.code).toBe(2);
    expect(pass.summary?.seconds).toBeLessThan(AT_ONCE_S);
    const told = pass.problems.map(({ code, message, retryAt }) => `${code} ${retryAt}: ${message}`).sort();
    expect(told).toEqual([
      'in-the-way null: A link lies where the file “dangling.txt” belongs: rename or remove it.',
      'in-the-way null: A link lies where the file “plan.txt” belongs: rename or remove it.',
      'in-the-way null: A link lies where the folder “project” belongs: rename or remove it.',
      'in-the-way null: A pipe lies where the folder “piped” belongs: rename or remove it.',
      'in-the-way null: A socket lies where the file “socket” belongs: rename or remove it.',
    ]);
  });

  it('holds up nothing else', () => {
    expect(readFileSync(two.path('neighbour.txt'), 'utf8')).toBe('neighbour.txt');
  });

  it('is not written through', () => {
    expect(readdirSync(outside)).toEqual([]);
    expect(existsSync(two.path('nowhere'))).toBe(false);
  });

  it('is passed by as soon as it is gone, one by one', async () => {
    await two.start();
    expect((await two.inSync()).problems).toBe(5);
    rmSync(two.path('project'));
    await until('the folder', () => existsSync(two.path('project/inside.txt')));
    rmSync(two.path('plan.txt'));
    await until('the file', () => existsSync(two.path('plan.txt')));
    expect((await two.inSync()).problems).toBe(3);
    await two.terminate();
  });

  it('is in the way of a rename too', async () => {
    symlinkSync(outside, two.path('new name.txt'));
    new Desk(one.folder).move('neighbour.txt', 'new name.txt');
    await one.mustSync();
    const { problems } = await two.once();
    expect(problems.map(({ message }) => message)).toContain(
      'A link lies where the file “new name.txt” belongs: rename or remove it.',
    );
    expect(readFileSync(two.path('neighbour.txt'), 'utf8')).toBe('neighbour.txt');
  });
});
