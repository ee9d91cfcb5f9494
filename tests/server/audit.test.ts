import { expect, onTestFinished, test } from 'vitest';
import type { EnrolledDevice, Pairing, Session } from '../../shared/api/devices.ts';
import type { Link } from '../../shared/api/links.ts';
import { paths } from '../../shared/api/paths.ts';
import type { Activity, ActivityPage } from '../../shared/api/storage.ts';
import { byHand, onPostgres } from './database.ts';
import { Client, draft, freshUser, refusal, text } from './harness.ts';
import { TestClock } from './testClock.ts';

const DAY_MS = 24 * 3_600_000;

/** A laptop of kim's, and kim's activities as short lines, the oldest first. */
async function withLaptop(clock = new TestClock()) {
  const { server, client, user } = await freshUser({}, clock);
  const device = await client.json<EnrolledDevice>('POST', paths.devices, { name: 'laptop', platform: 'linux' });
  const { accessToken } = await client.json<Session>('POST', paths.sessions, device);
  const laptop = new Client(server.url, accessToken);
  const page = (query = ''): Promise<ActivityPage> => client.json('GET', `${paths.activity}${query}`);
  const activities = async (): Promise<Activity[]> => (await page()).activities.toReversed();
  const files = async () =>
    (await activities())
      .filter(({ nodeId }) => nodeId !== null)
      .map(({ action, path, bytes, by }) => [action, path, bytes, by]);
  const bySql = () => {
    const db = byHand(server.data);
    onTestFinished(() => {
      db.close();
    });
    return db;
  };
  return { server, client, user, laptop, clock, page, activities, files, bySql };
}

test('what is stored, replaced, moved, deleted and restored is told, with its place, its size and the device', async () => {
  const { laptop, files } = await withLaptop();
  const folder = await laptop.createFolder('photos');
  const file = await laptop.put('a.jpg', text('12345'), { parentId: folder.id });
  const { parentId, contentRev } = file;
  const replaced = await laptop.put('a.jpg', text('123'), { nodeId: file.id, parentId, baseContentRev: contentRev });
  const moved = await laptop.moveTo(replaced, null, 'b.jpg');
  await laptop.trash(moved);
  await laptop.operate({ type: 'restore', id: file.id });
  expect(await files()).toEqual([
    ['upload', 'photos/a.jpg', 5, 'laptop'],
    ['replace', 'photos/a.jpg', -2, 'laptop'],
    ['move', 'b.jpg', 0, 'laptop'],
    ['delete', 'b.jpg', -3, 'laptop'],
    ['restore', 'b.jpg', 3, 'laptop'],
  ]);
});

test('a move tells where from; a change of time or of the executable bit is none', async () => {
  const { laptop, activities } = await withLaptop();
  const folder = await laptop.createFolder('a');
  const file = await laptop.put('x', text('x'), { parentId: folder.id });
  await laptop.operate({ type: 'setMetadata', id: file.id, mtimeMs: 5, executable: true });
  await laptop.moveTo(await laptop.node(file.id), null, 'y');
  expect((await activities()).at(-1)).toMatchObject({ action: 'move', path: 'y', detail: 'from a/x' });
  expect((await activities()).filter(({ nodeId }) => nodeId === file.id)).toHaveLength(2);
});

test('a folder that is deleted tells of every file in it', async () => {
  const { laptop, files } = await withLaptop();
  const outer = await laptop.createFolder('outer');
  const inner = await laptop.createFolder('inner', outer.id);
  await laptop.put('a', text('1'), { parentId: inner.id });
  await laptop.put('b', text('22'), { parentId: outer.id });
  await laptop.trash(outer);
  expect((await files()).slice(2).sort()).toEqual([
    ['delete', 'outer', 0, 'laptop'],
    ['delete', 'outer/b', -2, 'laptop'],
    ['delete', 'outer/inner', 0, 'laptop'],
    ['delete', 'outer/inner/a', -1, 'laptop'],
  ]);
});

test('a folder that would be moved into itself is refused, and told of nowhere', async () => {
  const { laptop, files } = await withLaptop();
  const outer = await laptop.createFolder('outer');
  const inner = await laptop.createFolder('inner', outer.id);
  expect((await refusal(laptop.moveTo(outer, inner.id, 'outer'))).code).toBe('would-loop');
  expect(await files()).toEqual([]);
});

test('what the server lets go of by itself is told as its own doing', async () => {
  const { laptop, files, clock } = await withLaptop();
  const file = await laptop.put('a', text('12345'));
  await laptop.trash(file);
  await clock.pass(31 * DAY_MS);
  await expect.poll(files).toContainEqual(['purge', 'a', 0, 'the server']);
});

test('what SQL by hand does is told as well, and as nobody’s', async () => {
  const { laptop, files, bySql } = await withLaptop();
  const [a, b] = [await laptop.put('a', text('1')), await laptop.put('b', text('22'))];
  const db = bySql();
  db.prepare(`update nodes set state = 'trashed' where id = ?`).run(a.id);
  db.prepare('delete from nodes where id = ?').run(b.id);
  expect((await files()).slice(2)).toEqual([
    ['delete', 'a', -1, null],
    ['purge', 'b', -2, null],
  ]);
});

test('what has happened can be changed by nobody', async () => {
  const { laptop, bySql, activities } = await withLaptop();
  await laptop.put('a', text('1'));
  const before = await activities();
  const db = bySql();
  expect(() => db.prepare('delete from audit').run()).toThrow('append-only');
  expect(() => db.prepare(`update audit set by = 'somebody'`).run()).toThrow('append-only');
  const again = onPostgres
    ? 'insert into audit (id, at, action) select id, 0, ? from audit on conflict (id) do update set at = 0'
    : 'insert or replace into audit (id, at, action) values (1, 0, ?)';
  expect(() => db.prepare(again).run('purge')).toThrow('append-only');
  expect(await activities()).toEqual(before);
});

test('the sum of all bytes told is what the live files take', async () => {
  const { laptop, client, activities } = await withLaptop();
  const a = await laptop.put('a', text('12345'));
  await client.upload('b', text('x'.repeat(1_000)));
  await laptop.put('a', text('1'), { nodeId: a.id, baseContentRev: a.contentRev });
  await laptop.trash(await laptop.put('c', text('gone')));
  const sum = (await activities()).reduce((bytes, activity) => bytes + activity.bytes, 0);
  expect(sum).toBe((await laptop.usage()).usedBytes);
  expect(sum).toBe(1_001);
});

test('a pack of many files is told of file by file', async () => {
  const { laptop, files } = await withLaptop();
  const pack = Array.from({ length: 200 }, (_, i) => text(`${i}`));
  await laptop.pack(pack.map((content, i) => ({ draft: draft(content, `file ${i}`), content })));
  expect((await files()).map(([, path]) => path)).toEqual(pack.slice(-100).map((_, i) => `file ${100 + i}`));
});

test('activities come in pages, the newest first, and a page does not move when more happens', async () => {
  const { laptop, page } = await withLaptop();
  for (const name of ['a', 'b', 'c']) await laptop.put(name, text(name));
  const first = await page('?limit=2');
  expect(first.activities.map(({ path }) => path)).toEqual(['c', 'b']);
  await laptop.put('d', text('d'));
  const second = await page(`?limit=2&cursor=${first.next}`);
  expect(second.activities.map(({ action, path }) => [action, path])).toEqual([
    ['upload', 'a'],
    ['device-added', null],
  ]);
  expect(second.next).toBeNull();
});

test('devices that come and go, passwords and sign-ins are told, good and bad ones', async () => {
  const { laptop, client, activities } = await withLaptop();
  await client.json('PUT', paths.password, { current: null, password: 'correct horse' });
  const enrol = (proof: object): Promise<EnrolledDevice> =>
    client.json('POST', paths.devices, { name: 'phone', platform: 'ios', proof });
  await refusal(enrol({ type: 'password', name: 'kim', password: 'wrong' }));
  const phone = await enrol({ type: 'password', name: 'kim', password: 'correct horse' });
  const { code } = await laptop.json<Pairing>('POST', paths.pairings);
  await enrol({ type: 'pairing', code });
  await laptop.json('DELETE', paths.device(phone.deviceId));
  expect((await activities()).map(({ action, by, detail }) => [action, by, detail])).toEqual([
    ['device-added', 'laptop', 'enrolment token, from 127.0.0.1'],
    ['password-change', 'enrolment token', null],
    ['sign-in-failed', '127.0.0.1', 'password'],
    ['sign-in', '127.0.0.1', 'password'],
    ['device-added', 'phone', 'password, from 127.0.0.1'],
    ['sign-in', '127.0.0.1', 'pairing'],
    ['device-added', 'phone', 'pairing, from 127.0.0.1'],
    ['device-revoked', 'laptop', 'phone'],
  ]);
});

test('links that are made and taken back are told, once', async () => {
  const { laptop, activities } = await withLaptop();
  const { id: nodeId } = await laptop.put('a', text('1'));
  const link = await laptop.json<Link>('POST', paths.links, { nodeId, seconds: 60 });
  await laptop.json('DELETE', paths.link(link.id));
  await laptop.json('DELETE', paths.link(link.id));
  expect((await activities()).slice(-2).map(({ action, by, nodeId: of }) => [action, by, of])).toEqual([
    ['link-created', 'laptop', nodeId],
    ['link-revoked', 'laptop', nodeId],
  ]);
});

test('nobody sees what others did', async () => {
  const { laptop, server, user } = await withLaptop();
  await laptop.put('a', text('1'));
  const lee = new Client(server.url, (await server.addUser('lee')).token);
  expect(await lee.json('GET', paths.activity)).toEqual({ activities: [], next: null });
  expect(await lee.json('GET', `${paths.activity}?user=${user.id}`)).toEqual({ activities: [], next: null });
});
