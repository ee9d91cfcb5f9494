import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { Device } from './harness/device.ts';
import { run } from './harness/program.ts';
import { until } from './harness/wait.ts';
import { Scene } from './harness.ts';

describe('the commands that speak with a running engine', () => {
  let scene: Scene;
  let one: Device;

  beforeAll(async () => {
    scene = await Scene.open();
    one = scene.device('one');
    writeFileSync(one.path('file.txt'), 'text');
    await one.start();
    await one.inSync();
  });
  afterAll(() => scene?.close());

  const command = async (...args: readonly string[]): Promise<unknown> => {
    const ended = await run('driftless', [...args, '--state', one.state, '--json']);
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    return ended.stdout.trim() === '' ? undefined : JSON.parse(ended.stdout);
  };

  it('status tells the state', async () => {
    await one.waitFor('idle');
    expect(await command('status')).toMatchObject({ state: 'idle', pending: 0, problems: 0 });
  });

  it('pause holds transfers until resume', async () => {
    await command('pause');
    await one.waitFor('paused');
    writeFileSync(one.path('paused.txt'), 'text');
    const head = await scene.head();
    const { generation } = z.object({ generation: z.number() }).parse(await command('sync-now'));
    expect(await one.control.status()).toMatchObject({ state: 'paused' });
    expect(await scene.head()).toBe(head);
    await command('resume');
    await until('the sync', async () => (await one.control.status()).syncedGeneration >= generation);
    expect(await scene.head()).toBeGreaterThan(head);
  });

  it('problems lists nothing when there is nothing', async () => {
    expect(await command('problems')).toBeUndefined();
  });

  it('the control socket is for its owner only', () => {
    expect(statSync(join(one.state, 'control.sock')).mode & 0o077).toBe(0);
  });

  it('say in one sentence that no engine runs', async () => {
    const ended = await run('driftless', ['status', '--state', join(scene.directory, 'nobody')]);
    expect(ended.code).toBe(1);
    expect(ended.stderr.trim().split('\n')).toHaveLength(1);
  });
});

it('an engine whose state path is too long for a socket is reached all the same', async () => {
  await using scene = await Scene.open();
  const folder = join(scene.directory, 'folder');
  const state = join(scene.directory, 'a long name '.repeat(12).trim());
  const device = new Device({ folder, state, server: scene.server.url, token: scene.account.token });
  try {
    await device.start();
    expect(await run('driftless', ['status', '--state', state, '--json'])).toMatchObject({ code: 0 });
  } finally {
    await device.close();
  }
});

it('a device that has enrolled once goes on without a token', async () => {
  await using scene = await Scene.open();
  const one = scene.device('one');
  writeFileSync(one.path('file.txt'), 'text');
  await one.mustSync();
  writeFileSync(one.path('second.txt'), 'text');
  const flags = ['--folder', one.folder, '--state', one.state, '--server', scene.server.url, '--once'];
  expect(await run('driftless', ['sync', ...flags])).toMatchObject({ code: 0, stderr: '' });
});

it('flags may come from the environment', async () => {
  await using scene = await Scene.open();
  const one = scene.device('one');
  writeFileSync(one.path('file.txt'), 'text');
  const ended = await run('driftless', ['sync', '--once', '--json'], {
    DRIFTLESS_FOLDER: one.folder,
    DRIFTLESS_STATE: one.state,
    DRIFTLESS_SERVER: scene.server.url,
    DRIFTLESS_TOKEN: scene.account.token,
  });
  expect(ended).toMatchObject({ code: 0, stderr: '' });
});

it.each(['driftless', 'driftless-server'] as const)('%s tells its help and its version', async (program) => {
  expect(await run(program, ['--version'])).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
  });
  expect(await run(program, ['--help'])).toMatchObject({ code: 0, stdout: expect.stringMatching(/usage/i) });
});
