import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { text } from '../harness.ts';
import { sharedServer } from './scene.ts';

const shared = sharedServer();

test('user_storage is asked for one user, for all by what they use, and whole', async () => {
  const { old, id } = await shared().user();
  await old.upload('a.txt', '12345');
  const [one, all, whole] = shared().sql((db) => [
    db.prepare('SELECT user_id, total_bytes, max_bytes, file_count FROM user_storage WHERE user_id = ?').get(id),
    db
      .prepare(
        `SELECT user_id, total_bytes / 1073741824.0 as gb_used, max_bytes / 1073741824.0 as gb_quota, file_count
         FROM user_storage ORDER BY total_bytes DESC`,
      )
      .all(),
    db.prepare('SELECT * FROM user_storage;').all(),
  ]);
  expect(one).toEqual({ user_id: id, total_bytes: 5, max_bytes: 10_737_418_240, file_count: 1 });
  expect(all).toContainEqual({ user_id: id, gb_used: 5 / 2 ** 30, gb_quota: 10, file_count: 1 });
  expect(whole).toHaveLength((all as unknown[]).length);
});

test('UPDATE user_storage SET max_bytes gives a user another limit', async () => {
  const { old, id } = await shared().user();
  shared().sql((db) => db.prepare('UPDATE user_storage SET max_bytes = 21474836480 WHERE user_id = ?').run(id));
  expect((await old.get('/api/storage/quota')).limit).toBe(21_474_836_480);
});

test('user_files, storage_usage and storage_transactions show files, sums and what happened', async () => {
  const { old, id } = await shared().user();
  await old.form('/api/storage/upload', { 'a.jpg': '12345' }, { category: 'properties', entityId: 'gold' });
  const first = (query: string) => shared().sql((db) => db.prepare(query).get(id));
  expect(
    first(
      'select file_name, stored_file_name, file_type, package_name, resolution, duration from user_files where user_id = ?',
    ),
  ).toEqual({
    file_name: 'a.jpg',
    stored_file_name: expect.stringMatching(/^[0-9a-f-]{36}\.jpg$/),
    file_type: 'image',
    package_name: 'gold',
    resolution: null,
    duration: null,
  });
  expect(first('select file_type, category, file_count, total_size from storage_usage where customer_id = ?')).toEqual({
    file_type: 'image',
    category: 'properties',
    file_count: 1,
    total_size: 5,
  });
  expect(first('select file_path, file_size, action from storage_transactions where customer_id = ?')).toEqual({
    file_path: 'properties/gold/a.jpg',
    file_size: 5,
    action: 'upload',
  });
});

test('counters follow rows that are added, changed and deleted by hand', async () => {
  const { old } = await shared().user();
  const { id: node } = await old.upload('a.txt', '12345');
  const used = async () => (await old.get('/api/storage/usage')).total_bytes;
  const byHand = (statement: string) => shared().sql((db) => db.prepare(statement).run(node));
  byHand('update nodes set size = 9 where id = ?');
  expect(await used()).toBe(9);
  byHand(`update nodes set state = 'trashed' where id = ?`);
  expect(await used()).toBe(0);
  byHand(`update nodes set state = 'live' where id = ?`);
  byHand('delete from nodes where id = ?');
  expect([await used(), (await old.get('/api/storage/usage')).file_count]).toEqual([0, 0]);
});

test('the audit trail tells uploads, replacements and deletes, and nobody can change it', async () => {
  const { old, client, id } = await shared().user();
  const { id: file } = await old.upload('a.txt', 'one');
  const node = await client.node(file);
  const { contentRev: baseContentRev, parentId } = node;
  await client.put('a.txt', text('other'), { nodeId: node.id, baseContentRev, parentId });
  await old.ask('DELETE', `/api/files/${file}`);
  const actions = shared().sql((db) =>
    db.prepare('select action from storage_transactions where customer_id = ? order by id').pluck().all(id),
  );
  expect(actions).toEqual(['upload', 'replace', 'delete']);
  expect(() => shared().sql((db) => db.exec('delete from audit'))).toThrow('append-only');
});

test('du counts for every user what is stored for them', async () => {
  const { old, id } = await shared().user();
  await old.upload('a.bin', 'x'.repeat(5_000));
  const find = `find "$0" -type f -not -path '*/thumbnails/*' -printf '%s\\n' | awk '{ sum += $1 } END { print sum }'`;
  const { stdout } = await promisify(execFile)('sh', ['-c', find, `${shared().data}/users/${id}`]);
  expect(Number(stdout)).toBe(5_000);
});
