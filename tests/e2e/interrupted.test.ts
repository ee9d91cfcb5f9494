import { describe, expect, it } from 'vitest';
import { KiB, MiB } from '../../shared/bytes.ts';
import { Desk } from './harness/desk.ts';
import type { Device } from './harness/device.ts';
import { fillMixedFolder } from './harness/mixedFolder.ts';
import { fractions, writeRandomFile } from './harness/random.ts';
import type { Relay } from './harness/relay.ts';
import { differences, filesOf } from './harness/tree.ts';
import { pause, until, within } from './harness/wait.ts';
import { Scene } from './harness.ts';

const FILES = 500;
const KILLS = 20;
/** A twentieth of what there is to send or receive, so that the kills are spread over all of it. */
const MOST_BYTES_A_LIFE = 700 * KiB;
/** What else is done meanwhile goes on for so long at most, in ms. */
const LONGEST_REST_MS = 150;

describe('a change that reached the server, while its answer reached nobody,', () => {
  it('is no conflict when a new file is edited, moved or deleted before the next start', async () => {
    await using scene = await Scene.open();
    const [one, two] = [scene.device('one'), scene.device('two')];
    const names = ['deleted', 'edited', 'moved', 'untouched'];
    for (const name of names) writeRandomFile(one.path(name), 20_000, name);
    scene.relay.holdAnswersAt(names.length * 20_000);
    one.launch('--once');
    await until('the files on the server', async () => (await scene.liveNames()).length === names.length);
    await one.kill();
    const desk = new Desk(one.folder);
    desk.remove('deleted');
    desk.save('edited', 'edited since', Date.now() - 10_000);
    desk.move('moved', 'folder/moved');
    scene.relay.restore();
    expect(await one.mustSync('--allow-deletes')).toMatchObject({ conflicts: 0 });
    await two.mustSync();
    expect([...two.tree().keys()]).toEqual(['edited', 'folder', 'folder/moved', 'untouched']);
    expect(differences(one.tree(), two.tree())).toEqual([]);
  });

  it('is no conflict when what was edited is edited again, and what was moved or made is moved again', async () => {
    await using scene = await Scene.open();
    const [one, two] = [scene.device('one'), scene.device('two')];
    const desk = new Desk(one.folder);
    desk.write('edited', 'first', Date.now() - 60_000);
    desk.write('moved', 'moved', Date.now() - 60_000);
    desk.folder('folder');
    await one.mustSync();
    await one.start();
    await one.inSync();
    scene.relay.reset();
    scene.relay.holdAnswersAt(1);
    const before = await scene.head();
    desk.save('edited', 'second', Date.now() - 50_000);
    desk.move('moved', 'moved once');
    desk.move('folder', 'folder once');
    desk.folder('new');
    await until('four changes on the server', async () => (await scene.head()) >= before + 4);
    await one.kill();
    desk.save('edited', 'third', Date.now() - 40_000);
    desk.move('moved once', 'moved twice');
    desk.move('folder once', 'folder twice');
    desk.move('new', 'new twice');
    scene.relay.restore();
    expect(await one.mustSync()).toMatchObject({ conflicts: 0, problems: 0 });
    await two.mustSync();
    expect([...two.tree().keys()]).toEqual(['edited', 'folder twice', 'moved twice', 'new twice']);
    expect(new Desk(two.folder).listing()).toMatchObject({ edited: 'third', 'moved twice': 'moved' });
    expect(differences(one.tree(), two.tree())).toEqual([]);
  });
});

describe('a sync of 500 files', () => {
  it('whose client is killed 20 times at random moments while its folder changes ends equal, without duplicates or copies', async () => {
    await using scene = await Scene.open();
    const [one, two] = [scene.device('one'), scene.device('two')];
    fillMixedFolder(one.folder, FILES, 'killed');
    const names = filesOf(one.tree());
    const desk = new Desk(one.folder);
    const fraction = fractions('kills');
    for (let kill = 0; kill < KILLS; kill += 1) {
      await lived(scene.relay, one, 'up', fraction);
      const [edited, renamed] = [names[kill], names[FILES - 1 - kill]];
      if (edited && renamed) {
        desk.save(edited, `edited ${kill}`, Date.now() - 10_000);
        desk.move(renamed, `${renamed} renamed`);
      }
      await one.kill();
      scene.relay.restore();
    }
    const wanted = one.tree();
    expect(await one.mustSync()).toMatchObject({ conflicts: 0, problems: 0 });
    expect(differences(wanted, one.tree())).toEqual([]);
    await two.mustSync();
    expect(differences(wanted, two.tree())).toEqual([]);
  });

  it('whose receiver is killed 20 times at random moments ends equal, without duplicates or copies', async () => {
    await using scene = await Scene.open();
    const [one, two] = [scene.device('one'), scene.device('two')];
    fillMixedFolder(one.folder, FILES, 'received');
    await one.mustSync();
    const wanted = one.tree();
    const head = await scene.head();
    const fraction = fractions('received');
    for (let kill = 0; kill < KILLS; kill += 1) {
      await lived(scene.relay, two, 'down', fraction);
      await two.kill();
      scene.relay.restore();
    }
    expect(await two.mustSync()).toMatchObject({ uploaded: 0, conflicts: 0, problems: 0 });
    expect(differences(wanted, two.tree())).toEqual([]);
    expect(await scene.head()).toBe(head);
  });

  it('whose server is killed 5 times goes on by itself each time', async () => {
    await using scene = await Scene.open();
    const [one, two] = [scene.device('one'), scene.device('two')];
    fillMixedFolder(one.folder, FILES, 'server killed');
    await one.start();
    for (let kill = 1; kill <= 5; kill += 1) {
      const reached = scene.relay.stallAt({ up: kill * 3 * MiB });
      await reached;
      await scene.server.kill();
      scene.relay.restore();
      await scene.server.start();
    }
    await one.inSync();
    await two.mustSync();
    expect(differences(one.tree(), two.tree())).toEqual([]);
    expect([...two.tree().keys()].filter((path) => path.includes('conflict'))).toEqual([]);
  });

  it('that both programs are asked to leave is finished by the next start', async () => {
    await using scene = await Scene.open();
    const [one, two] = [scene.device('one'), scene.device('two')];
    fillMixedFolder(one.folder, FILES, 'terminated');
    const under = scene.relay.stallAt({ up: 4 * MiB });
    await one.start();
    await under;
    scene.relay.restore();
    const [client, server] = await Promise.all([one.terminate(), scene.server.terminate()]);
    expect({ client: client.code, server: server.code }).toEqual({ client: 0, server: 0 });
    await scene.server.start();
    expect(await one.mustSync()).toMatchObject({ conflicts: 0 });
    await two.mustSync();
    expect(differences(one.tree(), two.tree())).toEqual([]);
  });
});

/** A device that has run until a random number of bytes has passed, and a moment longer: not a matter of how fast the computer is. */
async function lived(relay: Relay, device: Device, way: 'up' | 'down', fraction: () => number): Promise<void> {
  relay.reset();
  const passed = relay.stallAt({ [way]: fraction() * MOST_BYTES_A_LIFE });
  device.launch();
  await within('bytes to pass', passed);
  await pause(fraction() * LONGEST_REST_MS);
}
