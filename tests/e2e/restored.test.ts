import { cpSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { Desk } from './harness/desk.ts';
import type { Device } from './harness/device.ts';
import { fillMixedFolder } from './harness/mixedFolder.ts';
import { differences, filesOf, type Tree } from './harness/tree.ts';
import { Scene } from './harness.ts';

const contentsOf = (tree: Tree): ReadonlySet<string> =>
  new Set([...tree.values()].flatMap((entry) => (entry.kind === 'file' ? [entry.sha256] : [])));

describe('a server whose data folder was put back to an earlier day', () => {
  let scene: Scene;
  let one: Device;
  let two: Device;

  beforeEach(async () => {
    scene = await Scene.open();
    one = scene.device('one');
    two = scene.device('two');
    fillMixedFolder(one.folder, 60, 'restored');
    await one.mustSync();
    await two.mustSync();
    return () => scene.close();
  });

  const backup = (): string => join(scene.directory, 'backup');

  async function takeBackup(): Promise<void> {
    await scene.server.terminate();
    cpSync(scene.server.data, backup(), { recursive: true, preserveTimestamps: true });
    await scene.server.start();
  }

  async function putBack(): Promise<void> {
    await scene.server.terminate();
    rmSync(scene.server.data, { recursive: true });
    renameSync(backup(), scene.server.data);
    await scene.server.start();
  }

  it('loses no byte that a device has, and ends equal on all', async () => {
    await takeBackup();
    const desk = new Desk(one.folder);
    const [edited, moved] = filesOf(one.tree());
    if (!edited || !moved) throw new Error('too few files');
    desk.write('made since.txt', 'made since', Date.now() - 60_000);
    desk.write('folder since/inside.txt', 'inside', Date.now() - 60_000);
    desk.write(edited, 'edited since', Date.now() - 60_000);
    desk.move(moved, 'moved since.bin');
    await one.mustSync();
    await two.mustSync();
    const wanted = contentsOf(one.tree());

    await putBack();
    for (const device of [one, two, one, two]) await device.mustSync();
    expect(differences(one.tree(), two.tree())).toEqual([]);
    const kept = contentsOf(one.tree());
    expect([...wanted].filter((content) => !kept.has(content))).toEqual([]);
    const third = scene.device('third');
    await third.mustSync();
    expect(differences(one.tree(), third.tree())).toEqual([]);
  });

  it('goes on by itself with clients that were watching all the time', async () => {
    await takeBackup();
    await Promise.all([one.start(), two.start()]);
    await one.inSync();
    mkdirSync(one.path('live'));
    for (let i = 0; i < 20; i += 1) writeFileSync(one.path(`live/${i}.txt`), `live ${i}`);
    await one.inSync();
    await two.inSync();
    const wanted = one.tree();
    await putBack();
    for (const device of [one, two, one, two]) await device.inSync();
    expect(differences(wanted, one.tree())).toEqual([]);
    expect(differences(wanted, two.tree())).toEqual([]);
  });
});

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

it('a new, empty server gets everything from a full folder and deletes nothing there', async () => {
  await using scene = await Scene.open();
  const one = scene.device('one');
  fillMixedFolder(one.folder, 60, 'new server');
  await one.mustSync();
  const wanted = one.tree();
  await scene.server.terminate();
  rmSync(scene.server.data, { recursive: true });
  await scene.server.start();
  const account = await scene.server.addUser('ada');
  const again = scene.deviceIn('again', one.folder, account);
  await again.once();
  expect(differences(wanted, one.tree())).toEqual([]);
  const two = scene.device('two', account);
  await two.mustSync();
  expect(differences(wanted, two.tree())).toEqual([]);
});
