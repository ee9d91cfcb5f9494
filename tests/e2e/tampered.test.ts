import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { expect, it } from 'vitest';
import { Desk } from './harness/desk.ts';
import { filesOf } from './harness/tree.ts';
import { Scene } from './harness.ts';

const WRITTEN = Date.UTC(2026, 9, 1, 8);
const TAMPERED = ['../escaped', 'up/../../escaped', '..', '.', '/tmp/escaped', '.driftless', 'zero\u0000byte'] as const;

/** Everything below a folder. */
const contents = (folder: string): readonly string[] => readdirSync(folder, { recursive: true, encoding: 'utf8' });

it('a tampered path (`..`, absolute, the own folder) from the server never leaves the root, and holds up nothing else', async () => {
  await using scene = await Scene.open();
  const [one, two] = [scene.device('one'), scene.device('two')];
  const desk = new Desk(one.folder);
  for (const [i] of TAMPERED.entries()) {
    desk.write(`file ${i}`, 'to be tampered with', WRITTEN);
    desk.write(`folder ${i}/inside`, 'in what is tampered with', WRITTEN);
  }
  desk.write('sound.txt', 'sound', WRITTEN);
  await one.mustSync();
  await scene.server.terminate();
  const db = new Sqlite(join(scene.server.data, 'driftless.db'));
  const rename = db.prepare('update nodes set name = ?, name_key = ? where name = ?');
  for (const [i, name] of TAMPERED.entries()) {
    rename.run(name, `${name} ${i}`, `file ${i}`);
    rename.run(`${name}/..`, `${name}/.. ${i}`, `folder ${i}`);
  }
  db.close();
  await scene.server.start();

  const pass = await two.once();
  expect(pass.code).toBe(2);
  expect([...new Set(pass.problems.map(({ code }) => code))].sort()).toEqual(['in-the-way', 'name-refused']);
  expect(filesOf(two.tree())).toEqual(['sound.txt']);
  expect(contents(scene.directory).filter((path) => path.includes('escaped'))).toEqual([]);
  expect(contents(join(two.folder, '.driftless')).filter((path) => path.includes('inside'))).toEqual([]);
});
