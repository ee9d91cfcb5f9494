import { chmod, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createBackup } from '../../server/backup/create.ts';
import { databaseFile } from '../../server/dataFolder.ts';
import { examineServer } from '../../server/doctor/examine.ts';
import { databaseOf, onPostgres, openDatabasesOf } from './database.ts';
import { freshServer, temporaryFolder } from './harness.ts';

const HOUR_MS = 3_600_000;

async function scene() {
  const server = await freshServer();
  const backups = await temporaryFolder();
  const db = await openDatabasesOf(server.data);
  const { manifest } = await createBackup(db, server.data, backups, Date.now());
  await db.close();
  const states = async (hours = 0): Promise<Record<string, string>> => {
    const found = await examineServer({
      data: server.data,
      database: await databaseOf(server.data),
      backups,
      s3: null,
      now: (manifest?.at ?? 0) + hours * HOUR_MS,
    });
    return Object.fromEntries(found.map(({ subject, state }) => [subject, state]));
  };
  return { server, states };
}

test('a server that lacks nothing is told so part by part', async () => {
  const { states } = await scene();
  expect(await states()).toEqual({
    runtime: 'good',
    'data folder': 'good',
    disk: 'good',
    database: 'good',
    server: 'good',
    backups: 'good',
    // Not every machine has all the programs that make thumbnails.
    media: expect.stringMatching(/^(good|weak)$/),
  });
});

test('a newest backup of two days is weak', async () => {
  const { states } = await scene();
  expect(await states(49)).toMatchObject({ backups: 'weak' });
});

test('a data folder that others can look into is weak', async () => {
  const { server, states } = await scene();
  await chmod(server.data, 0o755);
  expect(await states()).toMatchObject({ 'data folder': 'weak' });
});

test.skipIf(onPostgres)('a damaged database file is bad, and the next step is a backup', async () => {
  const { server } = await scene();
  await server.close();
  await truncate(databaseFile(server.data), 8_192);
  const found = await examineServer({ data: server.data, backups: null, s3: null, now: 0 });
  expect(found.find(({ subject }) => subject === 'database')).toMatchObject({
    state: 'bad',
    detail: expect.stringMatching(/restore a backup\.$/),
  });
});

test('a folder without a server is bad, and says how to name another', async () => {
  const data = join(await temporaryFolder(), 'none');
  const found = await examineServer({ data, backups: null, s3: null, now: 0 });
  expect(found.map(({ subject, state }) => [subject, state])).toContainEqual(['data folder', 'bad']);
});
