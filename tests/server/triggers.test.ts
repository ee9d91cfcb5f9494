import { expect, onTestFinished, test } from 'vitest';
import { byHand } from './database.ts';
import { freshUser, text } from './harness.ts';

/** A person's own connection to the database, beside the running server. */
async function bySql() {
  const { client, server, user } = await freshUser();
  const file = await client.put('a', text('12345'));
  const other = await client.put('b', text('123'));
  await client.put('a', text('1234567'), { nodeId: file.id, baseContentRev: file.contentRev });
  await server.addUser('lee');
  const db = byHand(server.data);
  onTestFinished(() => {
    db.close();
  });
  const lee = db.prepare(`select id from users where name = 'lee'`).pluck().get();
  const counted = () =>
    db
      .prepare('select name, used_bytes as used, kept_bytes as kept, file_count as files from users order by name')
      .all();
  return { client, db, user, lee, file, other, counted };
}

test('usage follows rows that are deleted by hand', async () => {
  const { db, other, file, counted } = await bySql();
  db.prepare('delete from nodes where id = ?').run(other.id);
  expect(counted()[0]).toEqual({ name: 'kim', used: 7, kept: 5, files: 1 });
  db.prepare('delete from versions where node_id = ?').run(file.id);
  expect(counted()[0]).toEqual({ name: 'kim', used: 7, kept: 0, files: 1 });
});

test('usage follows sizes and states that are changed by hand', async () => {
  const { db, file, counted } = await bySql();
  db.prepare('update nodes set size = 100 where id = ?').run(file.id);
  expect(counted()[0]).toEqual({ name: 'kim', used: 103, kept: 5, files: 2 });
  db.prepare(`update nodes set state = 'trashed' where id = ?`).run(file.id);
  expect(counted()[0]).toEqual({ name: 'kim', used: 3, kept: 105, files: 1 });
  db.prepare(`update nodes set state = 'purged' where id = ?`).run(file.id);
  expect(counted()[0]).toEqual({ name: 'kim', used: 3, kept: 5, files: 1 });
  db.prepare('update versions set size = 50').run();
  expect(counted()[0]).toEqual({ name: 'kim', used: 3, kept: 50, files: 1 });
});

test('usage follows a file that is given to another user by hand', async () => {
  const { db, other, lee, user, counted } = await bySql();
  db.pragma('foreign_keys = off');
  db.prepare('update nodes set user_id = ? where id = ? and user_id = ?').run(lee, other.id, user.id);
  expect(counted()).toEqual([
    { name: 'kim', used: 7, kept: 5, files: 1 },
    { name: 'lee', used: 3, kept: 0, files: 1 },
  ]);
});

test('usage follows rows that are inserted by hand', async () => {
  const { db, other, counted } = await bySql();
  db.prepare(
    `insert into nodes (user_id, id, parent_id, name, name_key, kind, state, content_id, size, mtime_ms, executable,
       content_rev, place_rev, meta_rev, seq, confirmed, trashed_with, trashed_at, content_at)
     select user_id, '01890000-0000-7000-8000-000000000000', parent_id, 'c', 'c', kind, state,
       content_id, size, mtime_ms, executable, content_rev, place_rev, meta_rev, 99, confirmed, trashed_with,
       trashed_at, content_at from nodes where id = ?`,
  ).run(other.id);
  expect(counted()[0]).toEqual({ name: 'kim', used: 13, kept: 5, files: 3 });
});

test('an object counts the nodes and versions that show it', async () => {
  const { client, db, file } = await bySql();
  const refs = () => db.prepare('select size, refs from objects order by size').raw().all();
  expect(refs()).toEqual([
    [3, 1],
    [5, 1],
    [7, 1],
  ]);
  await client.put('copy', text('123'));
  expect(refs()[0]).toEqual([3, 2]);
  db.prepare('delete from versions where node_id = ?').run(file.id);
  expect(refs()[1]).toEqual([5, 0]);
});

test('a row cannot show content that is not stored', async () => {
  const { db, file } = await bySql();
  expect(() => db.prepare('update nodes set content_id = ? where id = ?').run('0'.repeat(64), file.id)).toThrow(
    /foreign key/i,
  );
});
