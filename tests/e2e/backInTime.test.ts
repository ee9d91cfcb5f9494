import { cpSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { Desk } from './harness/desk.ts';
import type { Device, Summary } from './harness/device.ts';
import { fillMixedFolder } from './harness/mixedFolder.ts';
import { differences, filesOf, type Tree } from './harness/tree.ts';
import { until } from './harness/wait.ts';
import { Scene } from './harness.ts';

/** Files of the tree that no case below changes. */
const OTHERS = 60;
const aMinuteAgo = (): number => Date.now() - 60_000;

const isNothing = ({ uploaded, downloaded, moved, deleted, conflicts, bytesSent, bytesReceived }: Summary): boolean =>
  uploaded + downloaded + moved + deleted + conflicts + bytesSent + bytesReceived === 0;

let scene: Scene;
let one: Device;
let two: Device;
let desk: Desk;

beforeEach(async () => {
  scene = await Scene.open();
  one = scene.device('one');
  two = scene.device('two');
  desk = new Desk(one.folder);
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

/** Everything that the folder is to hold before the copy is made. */
async function agreeOn(fill: () => void): Promise<void> {
  fillMixedFolder(one.folder, OTHERS, 'restored');
  fill();
  await syncBoth();
  await takeBackup();
}

async function syncBoth(): Promise<void> {
  await one.mustSync();
  await two.mustSync();
}

/** Each device syncs once, then once more; that must be enough for all to show the same, and the second time moves nothing. */
async function settle(...devices: readonly Device[]): Promise<readonly Summary[]> {
  const first: Summary[] = [];
  for (const device of devices) first.push(await device.mustSync());
  for (const device of devices) expect(await device.mustSync()).toSatisfy(isNothing);
  const newcomer = scene.device('newcomer');
  await newcomer.mustSync();
  for (const device of devices) expect(differences(newcomer.tree(), device.tree())).toEqual([]);
  return first;
}

const conflictsIn = (tree: Tree): readonly string[] =>
  filesOf(tree).filter((path) => path.includes('(conflicted copy'));

describe('a server restored by copying its files back', () => {
  it.each([
    ['the device that made the changes first', () => [one, two]],
    ['the other device first', () => [two, one]],
  ])('gets back what was edited, made, renamed, moved and deleted since, %s', async (_order, devices) => {
    await agreeOn(() => {
      for (const name of ['edited', 'renamed', 'moved', 'deleted', 'moved and edited', 'touched'])
        desk.write(`${name}.txt`, name, aMinuteAgo());
      desk.write('old folder/inside.txt', 'inside', aMinuteAgo());
      desk.write('old folder/deeper/edited.txt', 'deeper', aMinuteAgo());
      desk.write('doomed folder/a.txt', 'a', aMinuteAgo());
      desk.write('doomed folder/b/c.txt', 'c', aMinuteAgo());
      desk.swap('edited.txt', 'renamed.txt');
    });
    desk.write('edited.txt', 'edited since', aMinuteAgo());
    desk.write('made since.txt', 'made since', aMinuteAgo());
    desk.write('folder since/made.txt', 'made in it', aMinuteAgo());
    desk.move('renamed.txt', 'renamed since.txt');
    desk.move('moved.txt', 'folder since/moved.txt');
    desk.move('moved and edited.txt', 'old folder/moved and edited.txt');
    desk.write('old folder/moved and edited.txt', 'both since', aMinuteAgo());
    desk.move('old folder', 'folder since/old folder, elsewhere');
    desk.write('folder since/old folder, elsewhere/deeper/edited.txt', 'deeper since', aMinuteAgo());
    desk.remove('deleted.txt');
    desk.remove('doomed folder');
    desk.makeExecutable('touched.txt');
    await syncBoth();
    const wanted = one.tree();
    expect(differences(wanted, two.tree())).toEqual([]);

    await putBack();
    const passes = await settle(...devices());
    expect(differences(wanted, one.tree())).toEqual([]);
    expect(passes.map(({ conflicts, downloaded }) => ({ conflicts, downloaded }))).toEqual([
      { conflicts: 0, downloaded: 0 },
      { conflicts: 0, downloaded: 0 },
    ]);
  });

  it('gets back a file that had been edited again and again, before and after the copy was made', async () => {
    await agreeOn(() => {
      for (const text of ['1', '2', '3']) desk.write('diary.txt', text, aMinuteAgo());
    });
    for (const text of ['4', '5', '6']) {
      desk.write('diary.txt', `day ${text}`, aMinuteAgo());
      await syncBoth();
    }
    await putBack();
    await settle(two, one);
    expect(desk.listing()['diary.txt']).toBe('day 6');
    expect(conflictsIn(one.tree())).toEqual([]);
  });

  it('gets the newest from two devices that each had another part of what was lost, the older first', async () => {
    await agreeOn(() => {
      desk.write('shared.txt', 'before', aMinuteAgo());
      desk.write('named.txt', 'named', aMinuteAgo());
    });
    desk.write('shared.txt', 'older', aMinuteAgo());
    desk.move('named.txt', 'older name.txt');
    desk.write('from one.txt', 'one', aMinuteAgo());
    await syncBoth();
    const other = new Desk(two.folder);
    other.write('shared.txt', 'newest', aMinuteAgo());
    other.move('older name.txt', 'newest name.txt');
    other.write('from two.txt', 'two', aMinuteAgo());
    await two.mustSync();
    const wanted = two.tree();

    await putBack();
    await one.mustSync();
    await settle(two, one);
    expect(differences(wanted, one.tree())).toEqual([]);
  });

  it('makes a conflict copy of what had changed in both histories, and of nothing else', async () => {
    await agreeOn(() => {
      desk.write('both.txt', 'before', aMinuteAgo());
      desk.write('only here.txt', 'before', aMinuteAgo());
      desk.write('only there.txt', 'before', aMinuteAgo());
    });
    desk.write('both.txt', 'lost history', aMinuteAgo());
    desk.write('only here.txt', 'lost history', aMinuteAgo());
    await one.mustSync();
    await putBack();
    const other = new Desk(two.folder);
    other.write('both.txt', 'new history', aMinuteAgo());
    other.write('only there.txt', 'new history', aMinuteAgo());
    // More changes than were lost, so that every number of the lost history is used again.
    for (let i = 0; i < 20; i += 1) other.write(`filler ${i}.txt`, `${i}`, aMinuteAgo());
    await two.mustSync();

    const [first] = await settle(one);
    expect(first?.conflicts).toBe(1);
    const texts = desk.listing();
    expect(texts['both.txt']).toBe('new history');
    expect(conflictsIn(one.tree()).map((path) => texts[path])).toEqual(['lost history']);
    expect([texts['only here.txt'], texts['only there.txt']]).toEqual(['lost history', 'new history']);
  });

  it('is told again of many deletes only with a yes', async () => {
    await agreeOn(() => {
      for (let i = 0; i < 40; i += 1) desk.write(`doomed/${i}.txt`, `${i}`, aMinuteAgo());
    });
    desk.remove('doomed');
    await one.mustSync('--allow-deletes');
    await two.mustSync();
    await putBack();
    await two.once();
    const newcomer = scene.device('early');
    await newcomer.mustSync();
    expect(filesOf(newcomer.tree()).filter((path) => path.startsWith('doomed/'))).toHaveLength(40);
    await two.mustSync('--allow-deletes');
    await settle(one, two);
    expect(filesOf(one.tree()).filter((path) => path.startsWith('doomed/'))).toEqual([]);
  });

  it('loses nothing that was changed on a device while it was away', async () => {
    await agreeOn(() => desk.write('kept.txt', 'before', aMinuteAgo()));
    desk.write('kept.txt', 'since', aMinuteAgo());
    await one.mustSync();
    await putBack();
    desk.write('kept.txt', 'not even sent before', aMinuteAgo());
    desk.move('kept.txt', 'kept elsewhere.txt');
    await settle(one, two);
    expect(desk.listing()['kept elsewhere.txt']).toBe('not even sent before');
    expect(conflictsIn(one.tree())).toEqual([]);
  });

  it('gets a large file again that it had not when the copy was made', async () => {
    await agreeOn(() => undefined);
    desk.write('large.bin', 'large enough to travel in parts '.repeat(400_000), aMinuteAgo());
    await syncBoth();
    const wanted = one.tree();
    await putBack();
    await settle(two, one);
    expect(differences(wanted, one.tree())).toEqual([]);
  });

  it('knows a device by its token that was connected since', async () => {
    await agreeOn(() => undefined);
    const late = scene.device('late');
    await late.mustSync();
    new Desk(late.folder).write('from the late one.txt', 'late', aMinuteAgo());
    await late.mustSync();
    const wanted = late.tree();
    await putBack();
    await settle(late, one);
    expect(differences(wanted, one.tree())).toEqual([]);
  });

  it('tells a device that was connected since, and is running, to be started again', async () => {
    await agreeOn(() => undefined);
    const late = scene.device('late');
    await late.start();
    await late.inSync();
    await putBack();
    const halted = await late.waitFor('halted');
    expect(halted.message).toMatch(/does not know this device any more: start Driftless again/);
    await late.terminate();
    await settle(late, one);
  });

  it('tells a device whose user it does not know what to do', async () => {
    await agreeOn(() => undefined);
    const stranger = scene.device('stranger', await scene.server.addUser('bob'));
    new Desk(stranger.folder).write('mine.txt', 'mine', aMinuteAgo());
    await stranger.mustSync();
    await putBack();
    const pass = await stranger.once();
    expect(pass.code).toBe(1);
    expect(pass.stderr).toMatch(/does not accept this token: check it, or have a new one made/);
    expect(filesOf(stranger.tree())).toEqual(['mine.txt']);
  });

  it('goes on by itself with clients that were watching all the time', async () => {
    await agreeOn(() => {
      desk.write('edited.txt', 'before', aMinuteAgo());
      desk.write('moved.txt', 'moved', aMinuteAgo());
      desk.write('deleted.txt', 'deleted', aMinuteAgo());
    });
    await Promise.all([one.start(), two.start()]);
    await one.inSync();
    mkdirSync(one.path('live'));
    for (let i = 0; i < 20; i += 1) writeFileSync(one.path(`live/${i}.txt`), `live ${i}`);
    writeFileSync(one.path('edited.txt'), 'edited');
    desk.move('moved.txt', 'live/moved.txt');
    desk.remove('deleted.txt');
    for (const device of [one, two, one, two]) await device.inSync();
    const wanted = one.tree();
    await putBack();
    for (const device of [one, two, one, two]) await device.inSync();
    expect(differences(wanted, one.tree())).toEqual([]);
    expect(differences(wanted, two.tree())).toEqual([]);
    for (const device of [one, two]) await device.terminate();
    await settle(one, two);
    expect(differences(wanted, one.tree())).toEqual([]);
  });
});

it('a server that is put back in the midst of its work gets everything all the same', async () => {
  await agreeOn(() => desk.write('edited.txt', 'before', aMinuteAgo()));
  await Promise.all([one.start(), two.start()]);
  await one.inSync();
  const head = await scene.head();
  desk.write('edited.txt', 'edited', aMinuteAgo());
  for (let i = 0; i < 600; i += 1) desk.write(`busy/${i % 7}/${i}.txt`, `busy ${i}`, aMinuteAgo());
  desk.write('large.bin', 'large enough to travel in parts '.repeat(600_000), aMinuteAgo());
  const wanted = one.tree();
  await until('some of it to be on the server', async () => ((await scene.head()) > head + 20 ? true : undefined));
  await scene.server.kill();
  await putBack();
  for (const device of [one, two, one, two]) await device.inSync();
  for (const device of [one, two]) await device.terminate();
  await settle(one, two);
  expect(differences(wanted, one.tree())).toEqual([]);
  expect(differences(wanted, two.tree())).toEqual([]);
});

describe('a new, empty server', () => {
  it('and a full folder: everything is uploaded, and nothing deleted there', async () => {
    fillMixedFolder(one.folder, OTHERS, 'new server');
    desk.write('shared.txt', 'older', aMinuteAgo());
    desk.write('deleted before.txt', 'deleted', aMinuteAgo());
    await syncBoth();
    desk.remove('deleted before.txt');
    await syncBoth();
    new Desk(two.folder).write('shared.txt', 'newest', aMinuteAgo());
    await two.mustSync();
    const wanted = two.tree();

    await scene.server.terminate();
    rmSync(scene.server.data, { recursive: true });
    await scene.server.start();
    const account = await scene.server.addUser('ada');
    // The one that missed the last change comes first.
    const [older, newest] = [scene.again(one, account), scene.again(two, account)];
    const first = await older.mustSync();
    expect(first).toMatchObject({ downloaded: 0, deleted: 0, conflicts: 0 });
    expect(await newest.mustSync()).toMatchObject({ downloaded: 0, deleted: 0, conflicts: 0 });
    await older.mustSync();
    expect(differences(wanted, older.tree())).toEqual([]);
    expect(differences(wanted, newest.tree())).toEqual([]);
  });
});
