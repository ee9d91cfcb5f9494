import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { expect, it } from 'vitest';
import { until } from './harness/wait.ts';
import { Scene } from './harness.ts';

it('a device that was away while a delete was let go deletes what it had, and keeps what it changed', async () => {
  await using scene = await Scene.open();
  const [here, away] = [scene.device('here'), scene.device('away')];
  for (const device of [here, away]) mkdirSync(device.folder, { recursive: true });
  const names = ['stays.txt', 'gone.txt', 'edited.txt', 'folder/gone.txt'];
  mkdirSync(join(here.folder, 'folder'));
  for (const name of names) writeFileSync(join(here.folder, name), `content of ${name}`);
  for (const device of [here, away]) expect((await device.once()).code).toBe(0);

  for (const name of ['gone.txt', 'edited.txt', 'folder']) rmSync(join(here.folder, name), { recursive: true });
  expect((await here.once('--allow-deletes')).code).toBe(0);
  await scene.server.terminate();
  const db = new Sqlite(join(scene.server.data, 'driftless.db'));
  db.prepare(`update nodes set trashed_at = 0 where state = 'trashed'`).run();
  await scene.server.start();
  const kept = db.prepare(`select count(*) from nodes where state = 'trashed'`).pluck();
  await until('everything in the trash to be let go', () => kept.get() === 0);
  db.close();

  writeFileSync(join(away.folder, 'edited.txt'), 'edited while away');
  expect((await away.once('--allow-deletes')).code).toBe(0);
  expect((await here.once()).code).toBe(0);
  for (const { folder } of [here, away]) {
    expect(names.map((name) => existsSync(join(folder, name)))).toEqual([true, false, true, false]);
    expect(readFileSync(join(folder, 'edited.txt'), 'utf8')).toBe('edited while away');
  }
});
