import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KiB } from '../../shared/bytes.ts';
import type { Device, Summary } from './harness/device.ts';
import { fillMixedFolder } from './harness/mixedFolder.ts';
import { differences, filesOf } from './harness/tree.ts';
import { Scene } from './harness.ts';

const FILES = 800;

describe('a folder of 800 mixed files, in several packs', () => {
  let scene: Scene;
  let one: Device;
  let two: Device;
  let upload: Summary;
  let download: Summary;

  beforeAll(async () => {
    scene = await Scene.open();
    one = scene.device('one');
    two = scene.device('two');
    fillMixedFolder(one.folder, FILES, 'mirror');
    upload = await one.mustSync();
    download = await two.mustSync();
  });
  afterAll(() => scene?.close());

  it('is reported file by file in the summary', () => {
    expect(upload).toMatchObject({ uploaded: FILES, downloaded: 0, conflicts: 0, problems: 0 });
    expect(download).toMatchObject({ uploaded: 0, downloaded: FILES, conflicts: 0, problems: 0 });
  });

  it("lies byte for byte in the user's own directory on the server", () => {
    const stored = new Set<string>();
    for (const entry of scene.server.storedFiles(scene.account).values()) {
      if (entry.kind === 'file') stored.add(entry.sha256);
    }
    const missing = [...one.tree()].filter(
      ([, entry]) => entry.kind === 'file' && entry.size > 0 && !stored.has(entry.sha256),
    );
    expect(missing).toEqual([]);
  });

  it('is the same on a second device in names, bytes, times and executable bits', () => {
    expect(filesOf(two.tree())).toHaveLength(FILES);
    expect(differences(one.tree(), two.tree())).toEqual([]);
  });

  it('is not transferred again by a second pass, and a third one asks next to nothing', async () => {
    expect(await one.mustSync()).toMatchObject({ uploaded: 0, downloaded: 0, bytesSent: 0, bytesReceived: 0 });
    scene.relay.reset();
    for (const device of [one, two]) {
      const summary = await device.mustSync();
      expect(summary).toMatchObject({ uploaded: 0, downloaded: 0, moved: 0, deleted: 0, conflicts: 0, problems: 0 });
      expect(summary.bytesSent).toBe(0);
      expect(summary.bytesReceived).toBe(0);
    }
    expect(scene.relay.up).toBeLessThan(16 * KiB);
    expect(scene.relay.down).toBeLessThan(16 * KiB);
  });

  it('is agreed without a transfer by a device that holds a copy already', async () => {
    const third = scene.device('third');
    fillMixedFolder(third.folder, FILES, 'mirror');
    const summary = await third.mustSync();
    expect(summary).toMatchObject({ uploaded: 0, downloaded: 0, moved: 0, deleted: 0, conflicts: 0 });
    expect(differences(one.tree(), third.tree())).toEqual([]);
  });
});

describe('names in decomposed Unicode', () => {
  const decomposed = 'Müller.txt'.normalize('NFD');
  const composed = decomposed.normalize('NFC');

  it('arrive composed and stay as they are where they were made', async () => {
    await using scene = await Scene.open();
    const [one, two] = [scene.device('one'), scene.device('two')];
    writeFileSync(one.path(decomposed), 'made on a Mac');
    await one.mustSync();
    await two.mustSync();
    expect(readdirSync(two.folder)).toContain(composed);
    writeFileSync(two.path(composed), 'edited elsewhere');
    await two.mustSync();
    await one.mustSync();
    expect([...one.tree().keys()]).toEqual([decomposed]);
    expect(readFileSync(one.path(decomposed), 'utf8')).toBe('edited elsewhere');
  });

  const conflicted = 'Müller (case conflict).txt'.normalize('NFC');

  it('beside the same name composed get another name, here and everywhere', async () => {
    await using scene = await Scene.open();
    const [one, two] = [scene.device('one'), scene.device('two')];
    writeFileSync(one.path(decomposed), 'decomposed');
    writeFileSync(one.path(composed), 'composed');
    await one.mustSync();
    await two.mustSync();
    expect([...one.tree().keys()].sort()).toEqual([conflicted, composed].sort());
    expect(differences(one.tree(), two.tree())).toEqual([]);
    expect(readFileSync(two.path(conflicted), 'utf8')).toBe('decomposed');
    expect(await one.mustSync()).toMatchObject({ uploaded: 0, downloaded: 0, moved: 0, conflicts: 0 });
  });

  it('keep their name when it is synced already: the one made beside them gets another', async () => {
    await using scene = await Scene.open();
    const one = scene.device('one');
    writeFileSync(one.path(decomposed), 'synced');
    await one.mustSync();
    writeFileSync(one.path(composed), 'new');
    await one.mustSync();
    expect(readFileSync(one.path(decomposed), 'utf8')).toBe('synced');
    expect(readFileSync(one.path(conflicted), 'utf8')).toBe('new');
  });

  it('as folders beside each other keep what is in each', async () => {
    await using scene = await Scene.open();
    const [one, two] = [scene.device('one'), scene.device('two')];
    for (const name of ['Ärzte'.normalize('NFD'), 'Ärzte'.normalize('NFC')]) {
      mkdirSync(one.path(name));
      writeFileSync(one.path(`${name}/in.txt`), `in a folder of ${name.length}`);
    }
    await one.mustSync();
    await two.mustSync();
    const folder = 'Ärzte'.normalize('NFC');
    expect(readFileSync(two.path(`${folder}/in.txt`), 'utf8')).toBe('in a folder of 5');
    expect(readFileSync(two.path(`${folder} (case conflict)/in.txt`), 'utf8')).toBe('in a folder of 6');
    expect(differences(one.tree(), two.tree())).toEqual([]);
  });
});

describe('names that differ only in case', () => {
  it('beside each other on one disk become two everywhere, and the server’s keeps its name', async () => {
    await using scene = await Scene.open();
    const [one, two] = [scene.device('one'), scene.device('two')];
    writeFileSync(one.path('Plan.txt'), 'synced');
    await one.mustSync();
    writeFileSync(one.path('plan.txt'), 'new');
    await one.mustSync();
    await two.mustSync();
    expect([...one.tree().keys()].sort()).toEqual(['Plan.txt', 'plan (case conflict).txt']);
    expect(differences(one.tree(), two.tree())).toEqual([]);
    expect(readFileSync(two.path('Plan.txt'), 'utf8')).toBe('synced');
  });
});

it('a state folder that was lost is rebuilt without transfers and without copies', async () => {
  await using scene = await Scene.open();
  const one = scene.device('one');
  fillMixedFolder(one.folder, 120, 'rebuilt');
  await one.mustSync();
  const before = one.tree();
  const again = scene.deviceIn('one again', one.folder);
  expect(await again.mustSync()).toMatchObject({ uploaded: 0, downloaded: 0, moved: 0, deleted: 0, conflicts: 0 });
  expect(differences(before, again.tree())).toEqual([]);
});

it('a state database that was damaged is rebuilt without transfers and without copies', async () => {
  await using scene = await Scene.open();
  const one = scene.device('one');
  fillMixedFolder(one.folder, 120, 'rebuilt');
  await one.mustSync();
  const before = one.tree();
  writeFileSync(join(one.state, 'state.db'), 'no database any more'.repeat(1000));
  expect(await one.mustSync()).toMatchObject({ uploaded: 0, downloaded: 0, moved: 0, deleted: 0, conflicts: 0 });
  expect(differences(before, one.tree())).toEqual([]);
});
