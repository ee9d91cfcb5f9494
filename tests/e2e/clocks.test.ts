import { readFileSync, utimesSync } from 'node:fs';
import { expect, it } from 'vitest';
import { Desk } from './harness/desk.ts';
import type { Device } from './harness/device.ts';
import { differences } from './harness/tree.ts';
import { Scene } from './harness.ts';

const FILES = 200;
const WRITTEN = Date.UTC(2026, 9, 1, 8, 0, 1, 123);
const HOUR_MS = 3_600_000;

/** As when a disk is mounted by a system that shows its times in another way. */
function shownTimes(device: Device, shown: (mtimeMs: number) => number): void {
  for (const [path, entry] of device.tree()) {
    if (entry.kind !== 'file') continue;
    const time = new Date(shown(entry.mtimeMs));
    utimesSync(device.path(path), time, time);
  }
}

it.each([
  ['mtime granularity of 2 s', (mtimeMs: number) => mtimeMs - (mtimeMs % 2_000)],
  ['clock jump of an hour in all times on the disk', (mtimeMs: number) => mtimeMs + HOUR_MS],
])('%s causes no mass upload', async (_, shown) => {
  await using scene = await Scene.open();
  const [one, two] = [scene.device('one'), scene.device('two')];
  const desk = new Desk(one.folder);
  for (let i = 0; i < FILES; i += 1) desk.write(`${i % 10}/${i}.txt`, `file ${i} `.repeat(100), WRITTEN + i * 777);
  for (const device of [one, two]) await device.mustSync();
  const stored = scene.server.storedFiles(scene.account).size;

  shownTimes(one, shown);
  const nothing = { uploaded: 0, downloaded: 0, deleted: 0, conflicts: 0, bytesSent: 0, bytesReceived: 0 };
  for (const device of [one, two, one]) expect(await device.mustSync()).toMatchObject(nothing);
  expect(scene.server.storedFiles(scene.account).size).toBe(stored);
  expect(differences(one.tree(), two.tree())).toEqual([]);
});

it('an edit of the same size arrives, although its time was set back', async () => {
  await using scene = await Scene.open();
  const [one, two] = [scene.device('one'), scene.device('two')];
  const desk = new Desk(one.folder);
  desk.write('a.txt', 'one', WRITTEN);
  for (const device of [one, two]) await device.mustSync();
  desk.write('a.txt', 'two', WRITTEN);
  expect(await one.mustSync()).toMatchObject({ uploaded: 1 });
  await two.mustSync();
  expect(readFileSync(two.path('a.txt'), 'utf8')).toBe('two');
});
