import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { Desk } from './harness/desk.ts';
import type { Device } from './harness/device.ts';
import { filesOf } from './harness/tree.ts';
import { until } from './harness/wait.ts';
import { Scene } from './harness.ts';

describe('a folder that was replaced by a link to somewhere else', () => {
  let scene: Scene;
  let one: Device;
  let two: Device;
  let outside: string;

  beforeEach(async () => {
    scene = await Scene.open();
    one = scene.device('one');
    two = scene.device('two');
    outside = join(scene.directory, 'outside');
    mkdirSync(outside);
    writeFileSync(join(outside, 'private.txt'), 'private');
    const desk = new Desk(one.folder);
    for (let i = 0; i < 60; i += 1) desk.write(`bystanders/${i}.txt`, `${i}`, Date.now() - 60_000);
    desk.write('project/plan.txt', 'plan', Date.now() - 60_000);
    await one.mustSync();
    await two.mustSync();
    return () => scene.close();
  });

  it.each([
    ['before the sync begins', false],
    ['while it watches', true],
  ])('%s is never written through, read through or deleted through', async (_, watching) => {
    if (watching) {
      await two.start('--allow-deletes');
      await two.inSync();
    }
    rmSync(two.path('project'), { recursive: true });
    symlinkSync(outside, two.path('project'));
    if (!watching) await two.start('--allow-deletes');
    const desk = new Desk(one.folder);
    const now = Date.now() - 30_000;

    for (const name of ['plan', 'new', 'private']) desk.write(`project/${name}.txt`, `${name} by one`, now);
    await syncedPast('after writing.txt');
    desk.remove('project/private.txt');
    await syncedPast('after deleting.txt');

    expect(readdirSync(outside)).toEqual(['private.txt']);
    expect(readFileSync(join(outside, 'private.txt'), 'utf8')).toBe('private');
    await two.terminate();
    const third = scene.device('third');
    await third.mustSync();
    const texts = filesOf(third.tree()).map((path) => readFileSync(third.path(path), 'utf8'));
    expect(texts).toContain('plan by one');
    expect(texts).not.toContain('private');
  });

  it('as a whole, root and all, is the folder it points to', async () => {
    renameSync(one.folder, `${one.folder} elsewhere`);
    symlinkSync(`${one.folder} elsewhere`, one.folder);
    new Desk(one.folder).write('through.txt', 'through', Date.now() - 30_000);
    expect(await one.mustSync()).toMatchObject({ uploaded: 1, deleted: 0 });
  });

  /** Sends what the first device has, and waits until the second shows that it has acted on it. */
  async function syncedPast(mark: string): Promise<void> {
    writeFileSync(one.path(mark), mark);
    await one.mustSync();
    await until(`${mark} on the second device`, () => existsSync(two.path(mark)));
  }
});
