import { rmSync, writeFileSync } from 'node:fs';
import { describe, expect } from 'vitest';
import type { Device } from './harness/device.ts';
import { fillMixedFolder } from './harness/mixedFolder.ts';
import { run } from './harness/program.ts';
import { differences, filesOf } from './harness/tree.ts';
import { it } from './harness/twoDevices.ts';

describe('the delete guard', () => {
  it.beforeEach(async ({ one, two }) => {
    fillMixedFolder(one.folder, 80, 'guarded');
    await one.mustSync();
    await two.mustSync();
  });

  const removeMost = (device: Device): void => rmSync(device.path('shelf 0'), { recursive: true });

  it('holds many deletes, lets everything else go on, and says so by exit code 3', async ({ one, two }) => {
    removeMost(one);
    writeFileSync(one.path('new.txt'), 'new');
    expect((await one.once()).code).toBe(3);
    await two.mustSync();
    expect(filesOf(two.tree())).toHaveLength(81);
  });

  it('lets them through with --allow-deletes, and other devices do not ask again', async ({ one, two }) => {
    removeMost(one);
    await one.mustSync('--allow-deletes');
    await two.mustSync();
    expect(differences(one.tree(), two.tree())).toEqual([]);
  });

  it('lets them through after approve', async ({ one, two }) => {
    await one.start();
    removeMost(one);
    await one.control.syncNow();
    await one.waitFor('waiting');
    expect(await run('driftless', ['approve', '--state', one.state])).toMatchObject({ code: 0 });
    await one.inSync();
    await two.mustSync();
    expect(differences(one.tree(), two.tree())).toEqual([]);
  });

  it('brings the files back after deny', async ({ one }) => {
    const before = one.tree();
    await one.start();
    removeMost(one);
    await one.control.syncNow();
    await one.waitFor('waiting');
    expect(await run('driftless', ['deny', '--state', one.state])).toMatchObject({ code: 0 });
    await one.inSync();
    expect(differences(before, one.tree())).toEqual([]);
  });

  it('does not touch the server when the whole folder was emptied', async ({ one, two }) => {
    for (const path of one.tree().keys()) rmSync(one.path(path), { recursive: true, force: true });
    expect([1, 3]).toContain((await one.once()).code);
    await two.mustSync();
    expect(filesOf(two.tree())).toHaveLength(80);
  });
});
