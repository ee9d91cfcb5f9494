import { describe, expect, it } from 'vitest';
import { MiB } from '../../shared/bytes.ts';
import { Desk } from './harness/desk.ts';
import { fillMixedFolder } from './harness/mixedFolder.ts';
import { fractions } from './harness/random.ts';
import { differences, filesOf } from './harness/tree.ts';
import { pause } from './harness/wait.ts';
import { Scene } from './harness.ts';

const FILES = 500;
const KILLS = 20;
/** A start, a scan and a good deal of work fit in here. */
const LONGEST_LIFE_MS = 800;

describe('a sync of 500 files', () => {
  it('whose client is killed 20 times at random moments while its folder changes ends equal, without duplicates or copies', async () => {
    await using scene = await Scene.open();
    const [one, two] = [scene.device('one'), scene.device('two')];
    fillMixedFolder(one.folder, FILES, 'killed');
    const names = filesOf(one.tree());
    const desk = new Desk(one.folder);
    const fraction = fractions('kills');
    for (let kill = 0; kill < KILLS; kill += 1) {
      one.launch();
      await pause(100 + fraction() * LONGEST_LIFE_MS);
      const [edited, renamed] = [names[kill], names[FILES - 1 - kill]];
      if (edited && renamed) {
        desk.save(edited, `edited ${kill}`, Date.now() - 10_000);
        desk.move(renamed, `${renamed} renamed`);
      }
      await one.kill();
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
      two.launch();
      await pause(100 + fraction() * LONGEST_LIFE_MS);
      await two.kill();
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
