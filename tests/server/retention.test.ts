import { access, readdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { first } from '../../server/db/migrations/0001-first.ts';
import { openSqlite } from '../../server/db/sqlite/open.ts';
import { MiB } from '../../shared/bytes.ts';
import { byHand } from './database.ts';
import {
  contentOf,
  draft,
  freshUser,
  newUploadId,
  randomBytes,
  refusal,
  storedElsewhere,
  temporaryFolder,
  text,
} from './harness.ts';
import { TestClock } from './testClock.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

async function scene(options: Parameters<typeof freshUser>[0] = {}) {
  const clock = new TestClock();
  const made = await freshUser(options, clock);
  const db = byHand(made.server.data);
  onTestFinished(() => {
    db.close();
  });
  const objects = async (): Promise<string[]> => {
    const entries = await readdir(join(made.server.data, 'users'), { recursive: true, withFileTypes: true });
    return entries.filter((entry) => entry.isFile()).map((entry) => entry.name);
  };
  /** What triggers have counted, beside what there is. */
  const counted = () => db.prepare('select used_bytes, kept_bytes, file_count from users').get();
  const summed = () =>
    db
      .prepare(
        `select (select coalesce(sum(size), 0) from nodes where state = 'live') as used_bytes,
          (select coalesce(sum(size), 0) from nodes where state = 'trashed')
            + (select coalesce(sum(size), 0) from versions) as kept_bytes,
          (select count(*) from nodes where kind = 'file' and state = 'live') as file_count`,
      )
      .get();
  return { ...made, clock, db, objects, counted, summed };
}

test.skipIf(storedElsewhere)(
  'what lies in the trash for thirty days is let go, with its bytes, and devices hear of it',
  async () => {
    const { client, clock, objects } = await scene();
    const node = await client.put('a.txt', text('12345'));
    await client.put('b.txt', text('b'));
    await client.trash(node);
    const { cursor } = await client.changes();
    await clock.pass(30 * DAY - HOUR);
    expect((await client.node(node.id)).state).toBe('trashed');

    await clock.pass(2 * HOUR);
    expect((await refusal(client.node(node.id))).code).toBe('not-found');
    expect((await refusal(client.operate({ type: 'restore', id: node.id }))).code).toBe('not-found');
    expect((await client.changes(cursor)).nodes).toMatchObject([
      { id: node.id, state: 'purged', contentId: null, size: 0 },
    ]);
    expect(await client.usage()).toMatchObject({ keptBytes: 0, usedBytes: 1, fileCount: 1 });
    expect(await objects()).toHaveLength(1);
  },
);

test('a version is kept for thirty days from when it was replaced, however old it is', async () => {
  const { client, clock, db } = await scene();
  const node = await client.put('a.txt', text('one'));
  const next = await client.put('a.txt', text('three'), { nodeId: node.id, baseContentRev: node.contentRev });
  db.prepare('update versions set content_at = 0').run();
  await clock.pass(30 * DAY - HOUR);
  expect((await client.download(next, text('one').contentId)).toString()).toBe('one');
  await clock.pass(2 * HOUR);
  expect((await refusal(client.download(next, text('one').contentId))).code).toBe('not-found');
  expect((await client.download(next)).toString()).toBe('three');
  expect((await client.usage()).keptBytes).toBe(0);
});

test('a server that is told to keep for ever does, and one that is told seven days does that', async () => {
  const [ever, week] = [await scene({ keepDays: null }), await scene({ keepDays: 7 })];
  for (const { client, clock } of [ever, week]) {
    await client.trash(await client.put('a.txt', text('a')));
    await clock.pass(8 * DAY);
  }
  await ever.clock.pass(10_000 * DAY);
  expect((await ever.client.usage()).keptBytes).toBe(1);
  expect((await week.client.usage()).keptBytes).toBe(0);
});

test('content that another file still shows stays', async () => {
  const { client, clock } = await scene();
  const node = await client.put('a.txt', text('same'));
  const copy = await client.put('b.txt', text('same'));
  await client.trash(node);
  await clock.pass(31 * DAY);
  expect((await client.download(copy)).toString()).toBe('same');
});

test.skipIf(storedElsewhere)(
  'a folder is let go with everything inside, in steps, and the counters stay true',
  async () => {
    const { client, clock, counted, summed, objects } = await scene();
    const folder = await client.createFolder('folder');
    const files = Array.from({ length: 250 }, (_, i) => ({
      draft: draft(text(`content ${i}`), `${i}.txt`, { parentId: folder.id }),
      content: text(`content ${i}`),
    }));
    await client.pack(files);
    await client.put('stays.txt', text('stays'));
    await client.trash(folder);
    const { cursor } = await client.changes();
    await clock.pass(31 * DAY);
    const { nodes, caughtUp } = await client.changes(cursor);
    expect([nodes.length, caughtUp, new Set(nodes.map(({ state }) => state))]).toEqual([
      251,
      true,
      new Set(['purged']),
    ]);
    expect(counted()).toEqual(summed());
    expect(counted()).toEqual({ used_bytes: 5, kept_bytes: 0, file_count: 1 });
    expect(await objects()).toHaveLength(1);
  },
);

test('where more is kept than another time the quota, the oldest goes first, and no more than must', async () => {
  const { client, clock, db, counted, summed } = await scene();
  const nodes = [];
  for (const name of ['oldest', 'older', 'newest']) nodes.push(await client.put(name, text(`${name} `.repeat(10))));
  for (const [i, node] of nodes.entries()) {
    await client.trash(node);
    db.prepare('update nodes set trashed_at = ? where id = ?').run(Date.now() - (3 - i) * HOUR, node.id);
  }
  db.prepare('update users set quota_bytes = 150').run();
  await clock.pass(HOUR);
  const states = db.prepare('select name, state from nodes order by name').raw().all();
  expect(states).toEqual([
    ['newest', 'trashed'],
    ['older', 'trashed'],
    ['oldest', 'purged'],
  ]);
  expect(counted()).toEqual(summed());
});

test('after an old version is let go, an edit still sends only what it changes', async () => {
  const { client, clock } = await scene();
  const base = randomBytes(12 * MiB, 'a');
  const insert = (bytes: Buffer, at: number) =>
    Buffer.concat([bytes.subarray(0, at), Buffer.from('inserted'), bytes.subarray(at)]);
  let node = await client.upload('a.bin', contentOf(base));
  const second = insert(base, 3 * MiB);
  node = await client.upload('a.bin', contentOf(second), { nodeId: node.id, baseContentRev: node.contentRev });
  await clock.pass(31 * DAY);
  const sent = client.sent;
  const third = contentOf(insert(second, 9 * MiB));
  node = await client.upload('a.bin', third, { nodeId: node.id, baseContentRev: node.contentRev });
  expect(client.sent - sent).toBeLessThan(2 * MiB);
  expect((await client.download(node)).equals(third.bytes)).toBe(true);
});

test.skipIf(storedElsewhere)('an object that an open upload copies from stays until the upload has ended', async () => {
  const { client, clock, db, objects } = await scene();
  const whole = contentOf(randomBytes(12 * MiB, 'b'));
  const node = await client.upload('b.bin', whole);
  const cut = whole.chunks.slice(0, 30).reduce((sum, [, length]) => sum + length, 0);
  const head = contentOf(whole.bytes.subarray(0, cut));
  const id = newUploadId();
  await client.open(id, draft(head, 'head.bin'));
  await client.manifest(id, head.chunks);
  await client.trash(node);
  db.prepare('update nodes set trashed_at = 0 where id = ?').run(node.id);
  await clock.pass(HOUR);
  expect((await refusal(client.node(node.id))).code).toBe('not-found');
  expect((await client.download(await client.complete(id, head.contentId))).equals(head.bytes)).toBe(true);
  for (let i = 0; i < 24; i += 1) await clock.pass(DAY);
  expect(await objects()).toHaveLength(1);
});

test.skipIf(storedElsewhere)(
  'a stored file that no row names is removed after a week, and nothing else is',
  async () => {
    const { client, clock, server, user } = await scene();
    await client.put('a.txt', text('a'));
    const folder = join(server.data, 'users', user.id, 'documents');
    const stray = (n: number) => `0189000${n}-0000-7000-8000-000000000000.txt`;
    for (const name of [stray(1), stray(2), 'notes of the administrator.txt'])
      await writeFile(join(folder, name), name);
    const old = new Date(Date.now() - 8 * DAY);
    for (const name of await readdir(folder)) if (name !== stray(2)) await utimes(join(folder, name), old, old);
    for (let i = 0; i < 24; i += 1) await clock.pass(HOUR);
    const left = await readdir(folder);
    expect(left).toHaveLength(3);
    expect(left).not.toContain(stray(1));
    await access(join(folder, stray(2)));
  },
);

test('versions of a database from before are as old as what replaced them', async () => {
  const data = await temporaryFolder();
  const file = join(data, 'driftless.db');
  const old = new Sqlite(file);
  old.exec(first);
  old.pragma('user_version = 1');
  old.exec(`insert into users (id, name, role, plan, created_at) values ('u', 'kim', 'user', 'free', 0);
    insert into objects values ('u', 'c1', 'o1', 'disk', 'k1', 1, 0, 0, x''), ('u', 'c2', 'o2', 'disk', 'k2', 1, 0, 0, x''),
      ('u', 'c3', 'o3', 'disk', 'k3', 1, 0, 0, x'');
    insert into nodes values ('u', 'n', null, 'a', 'a', 'file', 'live', 'c3', 1, 0, 0, 9, 1, 1, 9, 0, null, null, 300);
    insert into versions values ('u', 'n', 1, 'c1', 1, 0, 100), ('u', 'n', 5, 'c2', 1, 0, 200);`);
  old.close();
  const db = openSqlite(file);
  onTestFinished(() => db.close());
  const rows = await db.read
    .selectFrom('versions')
    .select(['content_rev', 'replaced_at'])
    .orderBy('content_rev')
    .execute();
  expect(rows).toEqual([
    { content_rev: 1, replaced_at: 200 },
    { content_rev: 5, replaced_at: 300 },
  ]);
});
