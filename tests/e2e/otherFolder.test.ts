import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Device } from './harness/device.ts';
import { fillMixedFolder } from './harness/mixedFolder.ts';
import { filesOf } from './harness/tree.ts';
import { Scene } from './harness.ts';

describe('a folder that is not what it was', () => {
  let scene: Scene;
  let one: Device;

  beforeEach(async () => {
    scene = await Scene.open();
    one = scene.device('one');
    fillMixedFolder(one.folder, 20, 'marked');
    await one.mustSync();
    return () => scene.close();
  });

  const untouched = async (): Promise<void> => {
    const other = scene.device('other');
    await other.mustSync();
    expect(filesOf(other.tree())).toHaveLength(20);
  };

  it('because its disk is not mounted stops the sync and deletes nothing', async () => {
    renameSync(one.folder, `${one.folder} elsewhere`);
    mkdirSync(one.folder);
    const pass = await one.once();
    expect(pass.code).toBe(1);
    expect(pass.stderr.trim().split('\n')).toHaveLength(1);
    await untouched();
  });

  it('because it vanished while it was watched halts the sync and deletes nothing', async () => {
    await one.start();
    await one.inSync();
    renameSync(one.folder, `${one.folder} elsewhere`);
    await one.waitFor('halted');
    await untouched();
  });

  it('because it belongs to another state stops the sync', async () => {
    const other = scene.device('other');
    writeFileSync(other.path('mine.txt'), 'mine');
    await other.mustSync();
    renameSync(one.folder, `${one.folder} elsewhere`);
    renameSync(other.folder, one.folder);
    expect((await one.once()).code).toBe(1);
    expect(readFileSync(one.path('mine.txt'), 'utf8')).toBe('mine');
  });
});
