import { expect, onTestFinished, test } from 'vitest';
import { GiB } from '../../shared/bytes.ts';
import { byHand } from './database.ts';
import { freshUser, refusal, text } from './harness.ts';

/** A person's own connection to the database, beside the running server. */
async function bySql() {
  const { client, server, user } = await freshUser();
  const db = byHand(server.data);
  onTestFinished(() => {
    db.close();
  });
  return { client, server, user, db };
}

test('user_storage shows what each user has stored, and may', async () => {
  const { client, server, user, db } = await bySql();
  await client.put('a', text('12345'));
  await server.addUser('lee', 'enterprise');
  const rows = db
    .prepare(
      `select user_id, total_bytes, max_bytes, total_bytes / 1073741824.0 as gb_used, file_count
       from user_storage order by total_bytes desc`,
    )
    .all();
  expect(rows).toMatchObject([
    { user_id: user.id, total_bytes: 5, max_bytes: 10 * GiB, gb_used: 5 / GiB, file_count: 1 },
    { total_bytes: 0, max_bytes: null, file_count: 0 },
  ]);
  const times = db.prepare('select created_at, updated_at from user_storage where user_id = ?').get(user.id);
  expect(Object.values(times as object)).toEqual(
    Array(2).fill(expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/)),
  );
});

test('max_bytes that is set there is the limit at once, and stays when the plan changes', async () => {
  const { client, user, db } = await bySql();
  db.prepare('update user_storage set max_bytes = 21474836480 where user_id = ?').run(user.id);
  expect((await client.usage()).limitBytes).toBe(20 * GiB);
  db.prepare(`update users set plan = 'gold' where id = ?`).run(user.id);
  expect((await client.usage()).limitBytes).toBe(20 * GiB);
  db.prepare('update user_storage set max_bytes = 3 where user_id = ?').run(user.id);
  expect((await refusal(client.put('a', text('12345')))).code).toBe('quota-exceeded');
});

test('the largest BIGINT, and null, are no limit', async () => {
  const { client, user, db } = await bySql();
  for (const none of ['9223372036854775807', 'null']) {
    db.exec(`update user_storage set max_bytes = 3 where user_id = '${user.id}'`);
    db.exec(`update user_storage set max_bytes = ${none} where user_id = '${user.id}'`);
    expect((await client.usage()).limitBytes).toBeNull();
  }
});

test('a user of Clerk goes by the id that Clerk knows', async () => {
  const { client, user, db } = await bySql();
  db.prepare(`update users set clerk_id = 'user_clerk_id' where id = ?`).run(user.id);
  expect(db.prepare('select user_id from user_storage').pluck().all()).toEqual(['user_clerk_id']);
  db.prepare(`update user_storage set max_bytes = 7 where user_id = 'user_clerk_id'`).run();
  expect((await client.usage()).limitBytes).toBe(7);
});

test('what is counted cannot be set, nor a limit that is no number', async () => {
  const { db } = await bySql();
  expect(() => db.exec('update user_storage set total_bytes = 1')).toThrow('only max_bytes can be set');
  expect(() => db.exec(`update user_storage set max_bytes = 'much'`)).toThrow(/a number of bytes|type bigint/);
  expect(() => db.exec('update user_storage set max_bytes = -1')).toThrow('a number of bytes');
});

test('user_files shows the live files with their places and what people say about them', async () => {
  const { client, user, db } = await bySql();
  const folder = await client.createFolder('shoots');
  const file = await client.put('film.mp4', text('12345'), { parentId: folder.id });
  await client.trash(await client.put('gone.txt', text('x')));
  db.prepare(
    `update nodes set tags = '["sea","best"]', favourite = 1, category = 'shoot', entity_id = 'package-7' where id = ?`,
  ).run(file.id);
  db.prepare(
    `insert into media (user_id, content_id, n, mime, width, height, duration_ms, thumbnail)
     values (?, ?, 1, 'video/mp4', 1920, 1080, 150000, 512)
     on conflict (user_id, content_id) do update set mime = excluded.mime, width = 1920, height = 1080, duration_ms = 150000, thumbnail = 512`,
  ).run(user.id, file.contentId);
  expect(db.prepare('select * from user_files').all()).toEqual([
    {
      id: file.id,
      user_id: user.id,
      file_name: 'film.mp4',
      stored_file_name: expect.stringMatching(/^[0-9a-f-]{36}\.mp4$/),
      file_type: 'video',
      mime_type: 'video/mp4',
      file_size: 5,
      file_path: 'shoots/film.mp4',
      thumbnail_path: expect.stringMatching(/^users\/[0-9a-f-]{36}\/thumbnails\/[0-9a-f-]{36}-512\.webp$/),
      resolution: '1920x1080',
      duration: '00:02:30',
      package_name: 'package-7',
      tags: '["sea","best"]',
      is_favorite: 1,
      category: 'shoot',
      subcategory: null,
      entity_id: 'package-7',
      upload_date: expect.any(String),
      created_at: expect.any(String),
    },
  ]);
});

test('storage_usage sums up by type and category', async () => {
  const { client, user, db } = await bySql();
  await client.put('a.mp4', text('12345'));
  await client.put('b.mp4', text('123'));
  await client.trash(await client.put('c.jpg', text('1')));
  expect(
    db.prepare('select customer_id, file_type, category, file_count, total_size from storage_usage').all(),
  ).toEqual([{ customer_id: user.id, file_type: 'video', category: null, file_count: 2, total_size: 8 }]);
});

test('storage_transactions tells what happened to files, with the size that each had', async () => {
  const { client, user, db } = await bySql();
  const folder = await client.createFolder('docs');
  const file = await client.put('a.txt', text('12345'), { parentId: folder.id });
  const { parentId, contentRev } = file;
  const replaced = await client.put('a.txt', text('123'), { nodeId: file.id, parentId, baseContentRev: contentRev });
  await client.trash(replaced);
  const rows = db
    .prepare(
      'select customer_id, file_path, file_name, file_size, file_type, action, uploaded_by from storage_transactions order by id',
    )
    .all();
  const common = { customer_id: user.id, file_path: 'docs/a.txt', file_name: 'a.txt', uploaded_by: 'enrolment token' };
  expect(rows).toEqual([
    { ...common, file_size: 5, file_type: 'document', action: 'upload' },
    { ...common, file_size: 3, file_type: 'document', action: 'replace' },
    { ...common, file_size: 3, file_type: 'document', action: 'delete' },
  ]);
});
