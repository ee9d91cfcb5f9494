import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KiB } from '../../shared/bytes.ts';
import { Desk } from './harness/desk.ts';
import type { Device } from './harness/device.ts';
import { killedAt, traced } from './harness/killing.ts';
import { randomBytes } from './harness/random.ts';
import { differences, type Tree } from './harness/tree.ts';
import { Scene } from './harness.ts';

/** Where to die, in the words of harness/killAt.ts: moments that come one after the other. */
type Moments = readonly string[];
type Point = readonly [where: string, moments: Moments];

const SENDER: readonly Point[] = [
  ['before it asks for a change of the tree', ['before ask POST /nodes/operations']],
  ['before it hears of a change of the tree', ['after ask POST /nodes/operations']],
  ['before it has recorded a change of the tree', ['after ask POST /nodes/operations', 'before commit']],
  ['before it hears of small files', ['after ask POST /batch/upload']],
  ['after it has recorded small files', ['after ask POST /batch/upload', 'after commit']],
  ['after it has opened an upload', ['after ask POST /uploads']],
  ['after it has sent the list of chunks', ['after ask POST /uploads/:id/manifest']],
  ['after it has sent a part', ['after ask PUT /uploads/:id/parts/:part']],
  ['before it hears that an upload is whole', ['after ask POST /uploads/:id/complete']],
];

const RECEIVER: readonly Point[] = [
  [
    'after a download is durable, before it has a name',
    ['after sync tmp', 'after ask GET /nodes/:id/content', 'after sync tmp'],
  ],
  ['after a new file has its name, before it lost the other', ['after link tmp→folder']],
  ['after a new file is in place, before that is recorded', ['after link tmp→folder', 'before commit']],
  ['after the old file has a second name, before the new one takes its place', ['after link folder→undo']],
  ['after a file was replaced, before that is recorded', ['after rename tmp→folder', 'before commit']],
  ['after a moved file has its new name, before it lost the old one', ['after link folder→folder']],
  ['after a moved file lost its old name, before that is recorded', ['after rename folder→undo']],
  ['after a file was deleted, before that is recorded', ['after rename folder→undo', 'after rename folder→undo']],
  ['after a folder was made, before that is recorded', ['after mkdir folder']],
];

const SERVER: readonly Point[] = [
  ['before it answers that the tree has changed', ['before answer POST /nodes/operations']],
  ['after small files are durable, before they are recorded', ['after sync journal', 'before commit']],
  ['before it answers that small files are stored', ['before answer POST /batch/upload']],
  ['before it answers that an upload is open', ['before answer POST /uploads']],
  ['before it answers what it lacks', ['before answer POST /uploads/:id/manifest']],
  ['before it answers that a part has arrived', ['before answer PUT /uploads/:id/parts/:part']],
  ['after a file is in its place, before it is recorded', ['after rename staging→users']],
  ['before it answers that an upload is whole', ['before answer POST /uploads/:id/complete']],
];

/** More than what travels packed. */
const LARGE = 300 * KiB;
const BASE = Date.UTC(2026, 9, 1);

const hashesIn = (tree: Tree): readonly string[] =>
  [...tree.values()].flatMap((entry) => (entry.kind === 'file' ? [entry.sha256] : []));

describe('a program that is killed', () => {
  let scene: Scene;
  let one: Device;
  let two: Device;
  let desk: Desk;
  let round = 0;
  /** SHA-256 of every file that both have had. */
  const agreed = new Set<string>();

  beforeAll(async () => {
    scene = await Scene.open();
    one = scene.device('one');
    two = scene.device('two');
    desk = new Desk(one.folder);
    for (let i = 0; i < 40; i += 1) desk.write(`bystanders/${i}.txt`, `${i}`, BASE);
    change();
    await one.mustSync();
    await two.mustSync();
  });
  afterAll(() => scene?.close());

  /** One of everything that can happen, so that both programs come past every point. */
  function change(): Tree {
    const now = BASE + round * 10_000;
    const text = `round ${round}`;
    desk.write(`new/${text}.txt`, text, now);
    desk.write('edited.txt', text, now);
    desk.write('large.bin', randomBytes(text, LARGE).toString('latin1'), now);
    if (round === 0) desk.write('moved 0.txt', 'moved', now);
    else desk.move(`moved ${round - 1}.txt`, `moved ${round}.txt`);
    if (round > 0) desk.remove(`new/round ${round - 1}.txt`);
    desk.folder(`folder ${round}`);
    round += 1;
    return one.tree();
  }

  /** After a restart both hold exactly what there was. */
  async function mustHold(wanted: Tree): Promise<void> {
    expect(await one.mustSync()).toMatchObject({ conflicts: 0, downloaded: 0 });
    await mustReceive(wanted);
  }

  async function mustReceive(wanted: Tree): Promise<void> {
    expect(await two.mustSync()).toMatchObject({ conflicts: 0, uploaded: 0 });
    expect(differences(wanted, one.tree())).toEqual([]);
    expect(differences(wanted, two.tree())).toEqual([]);
    for (const sha256 of hashesIn(wanted)) agreed.add(sha256);
  }

  async function dies(device: Device, moments: Moments): Promise<void> {
    const ended = await device.launchIn(killedAt(moments), '--once').end();
    expect(ended, `${moments.join(', then ')} was not reached`).toMatchObject({ signal: 'SIGKILL' });
  }

  /** The client has heard of all that was answered before, and does not live to see the server again. */
  async function serverDies(moments: Moments): Promise<void> {
    await scene.server.terminate();
    await scene.server.start(killedAt(moments));
    one.launch('--once');
    await scene.server.program.end();
    await one.kill();
  }

  it.each(SENDER)('while it sends, %s, loses nothing and does nothing twice', async (_, moments) => {
    const wanted = change();
    await dies(one, moments);
    await mustHold(wanted);
  });

  it.each(RECEIVER)('while it receives, %s, loses nothing and does nothing twice', async (_, moments) => {
    const wanted = change();
    await one.mustSync();
    await dies(two, moments);
    await mustReceive(wanted);
  });

  it.each(SERVER)('while it serves, %s, keeps what it has answered for', async (_, moments) => {
    const wanted = change();
    await serverDies(moments);
    await scene.server.start();
    await mustHold(wanted);
  });

  it('while a server brings back what its journal holds, does so at the next start', async () => {
    const wanted = change();
    await serverDies(['before answer POST /batch/upload']);
    await expect(scene.server.start(killedAt(['before unlink journal']))).rejects.toThrow();
    await scene.server.start();
    await mustHold(wanted);
  });

  it('has lost no version that was ever in sync: the server has kept them all', () => {
    const stored = new Set(hashesIn(scene.server.storedFiles(scene.account)));
    expect(agreed.size).toBeGreaterThan(round);
    expect([...agreed].filter((sha256) => !stored.has(sha256))).toEqual([]);
  });

  it.runIf(process.env.DRIFTLESS_KILLS === 'all')(
    'loses nothing wherever that is',
    async () => {
      const file = join(scene.directory, 'trace');
      change();
      await scene.server.terminate();
      await scene.server.start(traced(`${file} server`));
      await one.launchIn(traced(`${file} one`), '--once').end();
      await two.launchIn(traced(`${file} two`), '--once').end();
      const everyMoment = (name: string): readonly string[] => [
        ...new Set(readFileSync(`${file} ${name}`, 'utf8').trim().split('\n')),
      ];
      for (const moment of everyMoment('one')) {
        const wanted = change();
        await dies(one, [moment]);
        await mustHold(wanted);
      }
      for (const moment of everyMoment('two')) {
        const wanted = change();
        await one.mustSync();
        await dies(two, [moment]);
        await mustHold(wanted);
      }
    },
    3_600_000,
  );
});
