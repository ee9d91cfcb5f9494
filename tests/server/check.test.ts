import { execFile } from 'node:child_process';
import { appendFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { check } from '../../server/check/check.ts';
import type { FindingKind } from '../../server/check/finding.ts';
import { openReaders } from '../../server/content/readers.ts';
import { MiB } from '../../shared/bytes.ts';
import { byHand, environmentOf, onPostgres, openDatabasesOf } from './database.ts';
import { contentOf, draft, freshUser, newUploadId, randomBytes, text } from './harness.ts';
import { SERVER_PROGRAM } from './program.ts';

const HOUR = 3_600_000;

/** A data folder with something of everything in it, whose server has stopped. */
async function healthy() {
  const { server, client, user } = await freshUser();
  const folder = await client.createFolder('folder');
  const inner = await client.createFolder('inner', folder.id);
  const file = await client.put('a.txt', text('first'), { parentId: inner.id });
  await client.put('a.txt', text('second one'), { nodeId: file.id, baseContentRev: file.contentRev });
  await client.put('empty.txt', text(''));
  const other = await client.put('b.txt', text('bbb'));
  await client.upload('large.bin', contentOf(randomBytes(6 * MiB, 'a')));
  await client.trash(await client.put('trashed.txt', text('trashed')));
  const halfway = contentOf(randomBytes(6 * MiB, 'b'));
  await client.open(newUploadId(), draft(halfway, 'halfway.bin'));
  await server.close();

  const db = byHand(server.data);
  db.pragma('foreign_keys = off');
  onTestFinished(() => void db.close());
  const keyOf = (name: string) =>
    String(
      db.prepare('select key from objects join nodes using (user_id, content_id) where name = ?').pluck().get(name),
    );
  const run = async (deep = false) => {
    const databases = await openDatabasesOf(server.data);
    const readers = await openReaders(server.data, null, () => undefined);
    const report = await check(databases, readers, deep, Date.now() + 2 * HOUR);
    await databases.close();
    return report;
  };
  const found = async (deep = false): Promise<[FindingKind, string][]> =>
    (await run(deep)).findings.map(({ kind, subject }) => [kind, subject]);
  return { data: server.data, user, db, keyOf, run, found, folder, inner, file, other };
}

test('nothing is found where nothing is wrong, however deep one looks', async () => {
  const { run } = await healthy();
  expect(await run(true)).toEqual({ deep: true, users: 1, nodes: 7, objects: 6, findings: [] });
});

test.each([
  ['used_bytes', 'used_bytes + 1'],
  ['kept_bytes', '0'],
  ['file_count', 'file_count - 1'],
  ['reserved_bytes', '0'],
])('a counter that is wrong is found: %s', async (counter, value) => {
  const { db, found } = await healthy();
  db.exec(`update users set ${counter} = ${value}`);
  expect(await found()).toEqual([['wrong-counter', counter]]);
});

test.each([
  ['usage_breakdown document ', `update usage_breakdown set bytes = bytes + 1 where file_type = 'document'`],
  [
    'usage_breakdown image shoot',
    `insert into usage_breakdown values ((select id from users), 'image', 'shoot', 5, 1)`,
  ],
  ['tags lost', `insert into tags values ((select id from users), 'lost', 3)`],
])('a count of the library that is wrong is found: %s', async (subject, statement) => {
  const { db, found } = await healthy();
  db.exec(statement);
  expect(await found()).toEqual([['wrong-counter', subject]]);
});

test('an object that is shown less often than it says is found', async () => {
  const { db, found, keyOf } = await healthy();
  db.exec(`update objects set refs = 5 where key = '${keyOf('b.txt')}'`);
  expect(await found()).toEqual([['wrong-refs', keyOf('b.txt')]]);
});

test('a node whose folder does not exist is found', async () => {
  const { db, found, other } = await healthy();
  db.prepare('update nodes set parent_id = ? where id = ?').run('01890000-0000-7000-8000-000000000000', other.id);
  expect(await found()).toEqual([['dangling-parent', other.id]]);
});

test('a node that lies in a file is found', async () => {
  const { db, found, other, file } = await healthy();
  db.prepare('update nodes set parent_id = ? where id = ?').run(file.id, other.id);
  expect(await found()).toEqual([['parent-is-file', other.id]]);
});

test('folders that lie in each other are found, and not what lies in them', async () => {
  const { db, found, folder, inner } = await healthy();
  db.prepare('update nodes set parent_id = ? where id = ?').run(inner.id, folder.id);
  expect((await found()).sort()).toEqual(
    [
      ['cycle', folder.id],
      ['cycle', inner.id],
    ].sort(),
  );
});

test('what lives in a folder that does not is found', async () => {
  const { db, found, inner, file } = await healthy();
  db.prepare(`update nodes set state = 'trashed' where id = ?`).run(inner.id);
  expect(await found()).toEqual([['live-in-trash', file.id]]);
});

test('a file without content is found', async () => {
  const { db, found, other } = await healthy();
  db.prepare('update nodes set content_id = null where id = ?').run(other.id);
  expect(await found()).toEqual([['no-content', other.id]]);
});

test('a file that is not as long as its content is found', async () => {
  const { db, found, other } = await healthy();
  db.prepare('update nodes set size = 4 where id = ?').run(other.id);
  expect(await found()).toEqual([['size-differs', other.id]]);
});

test('a change that is missing from the history is found', async () => {
  const { db, found, other } = await healthy();
  db.prepare('delete from changes where node_id = ?').run(other.id);
  expect(await found()).toEqual([['no-change', other.id]]);
});

test('a history that ends before a change is found', async () => {
  const { db, found } = await healthy();
  db.exec('update users set head_seq = head_seq - 1');
  expect((await found()).map(([kind]) => kind)).toEqual(['no-change']);
});

test('a stored file that is missing is found', async () => {
  const { data, found, keyOf } = await healthy();
  rmSync(join(data, keyOf('b.txt')));
  expect(await found()).toEqual([['missing-object', keyOf('b.txt')]]);
});

test('a stored file of another length is found', async () => {
  const { data, found, keyOf } = await healthy();
  appendFileSync(join(data, keyOf('large.bin')), 'x');
  expect(await found()).toEqual([['wrong-size', keyOf('large.bin')]]);
});

test('a stored file with other bytes is found by who reads them', async () => {
  const { data, found, keyOf } = await healthy();
  writeFileSync(join(data, keyOf('b.txt')), 'bbx');
  expect(await found()).toEqual([]);
  expect(await found(true)).toEqual([['wrong-content', keyOf('b.txt')]]);
});

test('a list of chunks that is not that of its content is found', async () => {
  const { db, found, keyOf } = await healthy();
  db.prepare('update objects set chunk_list = ? where key = ?').run(Buffer.alloc(36), keyOf('b.txt'));
  expect(await found()).toEqual([['wrong-chunk-list', keyOf('b.txt')]]);
});

test('a stored file that no row names is found once it has settled', async () => {
  const { data, user, found } = await healthy();
  const key = `users/${user.id}/documents/01890000-0000-7000-8000-000000000000.txt`;
  writeFileSync(join(data, key), 'x');
  const soon = new Date(Date.now() + 3 * HOUR);
  utimesSync(join(data, key), soon, soon);
  expect(await found()).toEqual([]);
  utimesSync(join(data, key), new Date(), new Date());
  expect(await found()).toEqual([['orphan-file', key]]);
});

test.skipIf(onPostgres)('an index that does not agree with its table is found, by SQLite itself', async () => {
  const { data, run } = await healthy();
  const db = new Sqlite(join(data, 'driftless.db'));
  db.unsafeMode();
  db.pragma('writable_schema = on');
  db.exec(`update sqlite_schema set rootpage = (select rootpage from sqlite_schema where name = 'uploads_by_expiry')
    where name = 'sessions_by_expiry'`);
  db.close();
  expect((await run()).findings[0]).toMatchObject({ kind: 'database', subject: 'driftless.db' });
});

test('the command answers people with lines, machines with JSON, and both with the exit code', async () => {
  const { data, db } = await healthy();
  const env = await environmentOf(data);
  const run = (...args: string[]): Promise<{ code: number; stdout: string }> =>
    new Promise((done) => {
      execFile(process.execPath, [SERVER_PROGRAM, 'check', ...args, '--data', data], { env }, (error, stdout) =>
        done({ code: error ? Number(error.code) : 0, stdout }),
      );
    });
  const sound = await run('--deep');
  expect(sound.code).toBe(0);
  expect(sound.stdout).toBe(
    'Looked at users: 1, files and folders: 7, stored objects: 6 (every byte of them).\nEverything is as recorded.\n',
  );
  db.exec('update users set used_bytes = 0');
  const broken = await run();
  expect(broken.code).toBe(2);
  expect(broken.stdout).toMatch(/^wrong-counter\t.*says 0, is \d+.*\tused_bytes\t/);
  expect(broken.stdout).toMatch(/Findings: 1\. Nothing was changed\.\n$/);
  const { code, stdout } = await run('--json');
  expect(code).toBe(2);
  expect(JSON.parse(stdout)).toMatchObject({ users: 1, findings: [{ kind: 'wrong-counter', subject: 'used_bytes' }] });
});
