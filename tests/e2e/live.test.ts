import { appendFileSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KiB } from '../../shared/bytes.ts';
import { Desk } from './harness/desk.ts';
import type { Device } from './harness/device.ts';
import { fillMixedFolder } from './harness/mixedFolder.ts';
import { randomBytes } from './harness/random.ts';
import { differences } from './harness/tree.ts';
import { pause, until } from './harness/wait.ts';
import { Scene } from './harness.ts';

/** Long enough for a poll, a rescan of its own writes or an echo to show. */
const QUIET_MS = 6_000;

describe('two devices that watch', () => {
  let scene: Scene;
  let one: Device;
  let two: Device;

  beforeAll(async () => {
    scene = await Scene.open();
    one = scene.device('one');
    two = scene.device('two');
    fillMixedFolder(one.folder, 200, 'live');
    await Promise.all([one.start(), two.start()]);
    await one.inSync();
    await two.inSync();
  });
  afterAll(() => scene?.close());

  const converge = async (): Promise<void> => {
    for (const device of [one, two, one, two]) await device.inSync();
    expect(differences(one.tree(), two.tree())).toEqual([]);
  };

  it('come to hold the same after each has made, edited, renamed, moved and deleted things at once', async () => {
    for (const [device, name] of [
      [one, 'one'],
      [two, 'two'],
    ] as const) {
      const desk = new Desk(device.folder);
      const shelf = name === 'one' ? 'shelf 1' : 'shelf 2';
      const now = Date.now();
      for (let i = 0; i < 30; i += 1) desk.write(`new by ${name}/${i % 3}/${i}.txt`, `${name} ${i}`, now - i * 1000);
      const files = [...device.tree()].filter(([path, entry]) => entry.kind === 'file' && path.startsWith(`${shelf}/`));
      const [edited, grown, renamed, moved, deleted] = files.map(([path]) => path);
      if (!edited || !grown || !renamed || !moved || !deleted) throw new Error('too few files on the shelf');
      desk.save(edited, `saved by ${name}`, now);
      desk.append(grown, `more by ${name}`);
      desk.move(renamed, `${renamed} renamed by ${name}`);
      desk.move(moved, `moved by ${name}/file`);
      desk.remove(deleted);
      desk.move(shelf, `taken by ${name}/${shelf} moved`);
      desk.write(`taken by ${name}/${shelf} moved/late.txt`, 'late', now);
    }
    await converge();
    const paths = [...two.tree().keys()];
    expect(paths.filter((path) => path.includes('conflict'))).toEqual([]);
    expect(paths).toContain('new by one/2/29.txt');
    expect(paths).toContain('taken by two/shelf 2 moved/late.txt');
    expect(paths).not.toContain('shelf 1');
  });

  it('show a file made on one on the other without being asked', async () => {
    writeFileSync(one.path('unasked.txt'), 'here');
    await until('the file on the other device', () => two.tree().has('unasked.txt'), 10_000);
  });

  it('do not echo what they have received', async () => {
    const head = await scene.head();
    mkdirSync(one.path('fresh/deep'), { recursive: true });
    for (let i = 0; i < 50; i += 1) writeFileSync(one.path(`fresh/deep/${i}.bin`), randomBytes(`echo ${i}`, 30 * KiB));
    renameSync(one.path('shelf 3'), one.path('fresh/shelf 3'));
    await one.inSync();
    const changed = await scene.head();
    expect(changed).toBeGreaterThan(head);
    await two.inSync();
    await quiet();
    expect(await scene.head()).toBe(changed);
    expect(differences(one.tree(), two.tree())).toEqual([]);
  });

  it('make no requests while nothing changes', async () => {
    await converge();
    await Promise.all([one.waitFor('idle'), two.waitFor('idle')]);
    await quiet();
    scene.relay.reset();
    await pause(QUIET_MS);
    expect(scene.relay.requests).toBe(0);
    expect(scene.relay.up).toBe(0);
  });

  it('survive a burst of a thousand writes to one file', async () => {
    for (let i = 0; i < 1_000; i += 1) appendFileSync(one.path('log.txt'), `line ${i}\n`);
    await converge();
  });

  it('catch up after the network was away while both changed things', async () => {
    scene.relay.cut();
    await Promise.all([one.waitFor('offline'), two.waitFor('offline')]);
    writeFileSync(one.path('while away by one.txt'), 'one');
    writeFileSync(two.path('while away by two.txt'), 'two');
    rmSync(two.path('shelf 4'), { recursive: true });
    scene.relay.restore();
    await converge();
    expect([...one.tree().keys()]).toEqual(expect.arrayContaining(['while away by one.txt', 'while away by two.txt']));
    expect([...one.tree().keys()]).not.toContain('shelf 4');
  });

  /** Resolves when no request has been made for a second. */
  async function quiet(): Promise<void> {
    let seen = -1;
    let since = 0;
    await until('the devices to fall silent', () => {
      if (scene.relay.requests !== seen) {
        seen = scene.relay.requests;
        since = performance.now();
      }
      return performance.now() - since > 1_000;
    });
  }
});
