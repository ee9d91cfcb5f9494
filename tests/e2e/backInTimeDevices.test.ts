import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { describe, expect } from 'vitest';
import { Desk } from './harness/desk.ts';
import { fillMixedFolder } from './harness/mixedFolder.ts';
import { differences, filesOf } from './harness/tree.ts';
import { until } from './harness/wait.ts';
import { it, OTHERS } from './restored.ts';

const aMinuteAgo = (): number => Date.now() - 60_000;

describe('a device of a server restored by copying its files back', () => {
  it('knows a device by its token that was connected since', async ({ scene, one, agreeOn, putBack, settle }) => {
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

  it('tells a device that was connected since, and is running, to be started again', async ({
    scene,
    one,
    agreeOn,
    putBack,
    settle,
  }) => {
    await agreeOn(() => undefined);
    const late = scene.device('late');
    await late.start();
    await late.inSync();
    await putBack();
    const halted = await late.waitFor('halted');
    expect(halted.message).toMatch(/does not know this device any more: sign in again, or start Driftless/);
    await late.terminate();
    await settle(late, one);
  });

  it('tells a device whose user it does not know what to do', async ({ scene, agreeOn, putBack }) => {
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

  it('goes on by itself with clients that were watching all the time', async ({
    one,
    two,
    desk,
    agreeOn,
    putBack,
    settle,
  }) => {
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

it('a server that is put back in the midst of its work gets everything all the same', async ({
  scene,
  one,
  two,
  desk,
  agreeOn,
  putBack,
  settle,
}) => {
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
  it('and a full folder: everything is uploaded, and nothing deleted there', async ({
    scene,
    one,
    two,
    desk,
    syncBoth,
  }) => {
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
