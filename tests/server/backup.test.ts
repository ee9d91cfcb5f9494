import { mkdir, readdir, stat, truncate, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { createBackup } from '../../server/backup/create.ts';
import { holdObjects } from '../../server/backup/hold.ts';
import { listBackups } from '../../server/backup/layout.ts';
import { prunable, prune } from '../../server/backup/prune.ts';
import { planRestore, restoreBackup } from '../../server/backup/restore.ts';
import { verifyBackup } from '../../server/backup/verify.ts';
import { databaseFile } from '../../server/dataFolder.ts';
import { MiB } from '../../shared/bytes.ts';
import { onPostgres, openDatabasesOf } from './database.ts';
import { Client, contentOf, freshServer, freshUser, randomBytes, refusal, temporaryFolder, text } from './harness.ts';
import { TestClock } from './testClock.ts';

const DAY_MS = 24 * 3_600_000;
const NOON = Date.UTC(2026, 10, 20, 12);

/** As the command does it, in a process beside the server's. */
async function backUp(data: string, into: string, at = NOON) {
  const db = await openDatabasesOf(data);
  try {
    return await createBackup(db, data, into, at);
  } finally {
    await db.close();
  }
}

async function library(client: Client): Promise<void> {
  const folder = await client.createFolder('film');
  await client.upload('long take.mov', contentOf(randomBytes(3 * MiB, 'take')), { parentId: folder.id });
  const note = await client.put('note.txt', text('one'), { parentId: folder.id });
  await client.put('note.txt', text('two'), { ...note, nodeId: note.id, baseContentRev: note.contentRev });
  await client.trash(await client.put('old.txt', text('old')));
}

/** Every node as the feed tells it, and every byte behind it. */
async function everything(client: Client) {
  const { nodes, cursor } = await client.changes();
  const contents = await Promise.all(
    nodes
      .filter(({ contentId }) => contentId !== null)
      .map(async (node) => (await client.download(node)).toString('base64')),
  );
  return { nodes, cursor, contents };
}

test('a backup made beside a running server comes back in an empty host: the same tree, history and bytes', async () => {
  const { server, user, client } = await freshUser();
  await library(client);
  const before = await everything(client);
  const backup = await backUp(server.data, await temporaryFolder());
  await client.put('after the backup.txt', text('late'));

  const data = join(await temporaryFolder(), 'new host');
  const postgres = onPostgres ? await openDatabasesOf(data) : null;
  expect(await restoreBackup(backup.path, data, false, postgres)).toMatchObject({ findings: [] });
  await postgres?.close();
  const restored = await freshServer({ data });
  expect(await everything(new Client(restored.url, user.token))).toEqual(before);
});

test('a second backup takes only the bytes that are new, and stands by itself', async () => {
  const { server, client } = await freshUser();
  await library(client);
  const into = await temporaryFolder();
  const first = await backUp(server.data, into);
  await client.put('new.txt', text('just this'));
  const second = await backUp(server.data, into, NOON + DAY_MS);
  expect([first.manifest?.newBytes, second.manifest?.newBytes]).toEqual([first.manifest?.bytes, 'just this'.length]);
  await prune([first]);
  expect(await verifyBackup(second.path, true)).toEqual([]);
});

test('a stored file that is let go of while a backup is made stays until the backup is done', async () => {
  const clock = new TestClock();
  const { server, client } = await freshUser({}, clock);
  const node = await client.put('going.txt', text('going'));
  const db = await openDatabasesOf(server.data);
  onTestFinished(() => db.close());
  const { key } = await db.read.selectFrom('objects').select('key').executeTakeFirstOrThrow();
  await client.trash(node);
  await holdObjects(db.write, Date.now());
  await clock.pass(31 * DAY_MS);
  expect((await refusal(client.node(node.id))).code).toBe('not-found');
  expect((await stat(join(server.data, key))).size).toBe('going'.length);
});

test('a backup with a file that is missing, too short or altered does not pass', async () => {
  const { server, client } = await freshUser();
  await client.put('a.txt', text('aaaa'));
  await client.put('b.txt', text('bbbb'));
  await client.put('c.txt', text('cccc'));
  const { path } = await backUp(server.data, await temporaryFolder());
  const db = new Sqlite(databaseFile(path), { readonly: true });
  const keys = db.prepare<[], string>('select key from objects order by key').pluck().all();
  db.close();
  const [gone = '', short = '', altered = ''] = keys.map((key) => join(path, key));
  await unlink(gone);
  await truncate(short, 2);
  await writeFile(altered, 'cccX');
  expect((await verifyBackup(path, true)).map(({ kind }) => kind).sort()).toEqual([
    'missing-object',
    'wrong-content',
    'wrong-size',
  ]);
  const data = join(await temporaryFolder(), 'new');
  await expect(restoreBackup(path, data, false)).rejects.toThrow(
    '3 files of the backup cannot be restored, so nothing was.',
  );
  await expect(readdir(data)).rejects.toThrow('ENOENT');
  expect((await restoreBackup(path, data, true)).findings).toHaveLength(3);
});

test('a database that is not the one that was backed up does not pass', async () => {
  const { server } = await freshUser();
  const { path } = await backUp(server.data, await temporaryFolder());
  const db = new Sqlite(databaseFile(path));
  db.exec(`update users set name = 'someone else'`);
  db.close();
  expect(await verifyBackup(path, false)).toMatchObject([{ kind: 'backup', subject: 'driftless.db' }]);
});

test('nothing is restored over what is there, or from a backup that did not finish', async () => {
  const { server } = await freshUser();
  const into = await temporaryFolder();
  const { path } = await backUp(server.data, into);
  await expect(planRestore(path, server.data)).rejects.toThrow('is not empty, and nothing is overwritten');
  await unlink(join(path, 'backup.json'));
  await expect(planRestore(path, join(into, 'new'))).rejects.toThrow('is not a whole backup');
  expect(await listBackups(into)).toMatchObject([{ path, manifest: null }]);
});

test('pruning keeps the newest whole backups, and removes what never finished once it is a day old', async () => {
  const { server } = await freshUser();
  const into = await temporaryFolder();
  for (let day = 0; day < 4; day++) await backUp(server.data, into, NOON + day * DAY_MS);
  const unfinished = (day: number) =>
    join(into, new Date(NOON + day * DAY_MS + 1).toISOString().replaceAll(/[:.]/g, '-'));
  await mkdir(unfinished(0));
  await mkdir(unfinished(3));
  await prune(await prunable(into, 2, NOON + 3 * DAY_MS + 2));
  expect((await listBackups(into)).map(({ path, manifest }) => [path === unfinished(3), manifest !== null])).toEqual([
    [false, true],
    [false, true],
    [true, false],
  ]);
});
