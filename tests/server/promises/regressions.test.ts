import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { MiB } from '../../../shared/bytes.ts';
import { sharedServer } from './scene.ts';

/** What systems of this kind got wrong, each as a test of its own. */
const shared = sharedServer();

test('uploads at the same time cannot share the last of a limit', async () => {
  const { old, id } = await shared().user();
  await shared().ada.ask('PUT', '/api/storage/quota', { userId: id, maxBytes: 1_000 });
  const all = Array.from({ length: 20 }, (_, n) => old.form('/api/files/upload', { [`${n}.txt`]: 'x'.repeat(300) }));
  expect((await Promise.all(all)).filter(({ status }) => status === 201)).toHaveLength(3);
  expect((await old.get('/api/storage/usage')).total_bytes).toBe(900);
});

test('a row that is changed counts as changed, and one of nobody cannot be written', async () => {
  const { old } = await shared().user();
  const { id } = await old.upload('a.txt', '12345');
  shared().sql((db) => db.prepare('update nodes set size = 7 where id = ?').run(id));
  expect((await old.get('/api/storage/usage')).total_bytes).toBe(7);
  const orphan = `insert into nodes select 'nobody', 'x', parent_id, name, name_key, kind, state, content_id, size,
    mtime_ms, executable, content_rev, place_rev, meta_rev, 99, confirmed, trashed_with, trashed_at, content_at,
    favourite, tags, category, subcategory, entity_id, file_type, attributes from nodes where id = ?`;
  expect(() => shared().sql((db) => db.prepare(orphan).run(id))).toThrow();
});

test('counting again counts deletes, and is for administrators, of whomever they name', async () => {
  const { old, id } = await shared().user();
  await old.upload('a.txt', '12345');
  const gone = await old.upload('b.txt', '678');
  await old.ask('DELETE', `/api/files/${gone.id}`);
  shared().sql((db) => db.prepare('update users set used_bytes = 99 where id = ?').run(id));
  expect((await old.ask('POST', '/api/storage/recalculate')).status).toBe(403);
  const { json } = await shared().ada.ask('POST', '/api/storage/recalculate', { userId: id });
  expect(json.data).toMatchObject({ totalSize: 5, totalSizeFormatted: '5 Bytes' });
});

test('a delete takes from the category that the upload added to', async () => {
  const { old } = await shared().user();
  const { json } = await old.form('/api/storage/upload', { 'a.jpg': '123' }, { category: 'properties' });
  await old.ask('DELETE', '/api/storage/file', { filePath: json.data.filePath });
  expect((await old.get('/api/storage/stats')).breakdown).toEqual([]);
});

test('no limit is null and not the largest number, which stands for none where it is set', async () => {
  const { old, id } = await shared().user('enterprise');
  expect(await old.get('/api/storage/quota')).toMatchObject({ limit: null, available: null, canUpload: true });
  shared().sql((db) => db.prepare('update user_storage set max_bytes = 9223372036854775807 where user_id = ?').run(id));
  expect((await old.get('/api/storage/quota')).limit).toBeNull();
  for (const maxBytes of [5, Number(9_223_372_036_854_775_807n)]) {
    await shared().ada.ask('PUT', '/api/storage/quota', { userId: id, maxBytes });
    expect((await old.get('/api/storage/quota')).limit).toBe(maxBytes === 5 ? 5 : null);
  }
});

test('a percentage is a number where nothing is used and where nothing is allowed', async () => {
  const { old, id } = await shared().user();
  const percentage = async () => (await old.ask('GET', '/api/storage/quota')).json.data as unknown as object;
  expect(await percentage()).toMatchObject({ percentage: 0 });
  await shared().ada.ask('PUT', '/api/storage/quota', { userId: id, maxBytes: 0 });
  expect(await percentage()).toMatchObject({ percentage: 0, canUpload: false });
  expect((await old.get('/api/storage/stats')).breakdown).toEqual([]);
});

test('a file is not held in memory while it comes and goes', async () => {
  const { client, old } = await shared().user();
  const size = 192 * MiB;
  const piece = Buffer.alloc(MiB, 'x');
  async function* form() {
    yield Buffer.from('--b\r\ncontent-disposition: form-data; name="file"; filename="large.bin"\r\n\r\n');
    for (let sent = 0; sent < size; sent += piece.length) yield piece;
    yield Buffer.from('\r\n--b--\r\n');
  }
  let most = 0;
  const watch = setInterval(() => {
    most = Math.max(most, process.memoryUsage().arrayBuffers);
  }, 20);
  const before = process.memoryUsage().arrayBuffers;
  try {
    const answer = await client.fetch('/api/files/upload', {
      method: 'POST',
      headers: { 'content-type': 'multipart/form-data; boundary=b' },
      body: Readable.toWeb(Readable.from(form())) as ReadableStream,
      duplex: 'half',
    } as RequestInit);
    expect(answer.status).toBe(201);
    const { data } = (await answer.json()) as { data: [{ id: string; file_size: number }] };
    expect(data[0].file_size).toBe(size);
    let received = 0;
    const download = await client.fetch(`/api/files/${data[0].id}/download`);
    for await (const bytes of download.body ?? []) received += bytes.length;
    expect(received).toBe(size);
  } finally {
    clearInterval(watch);
  }
  expect(most - before).toBeLessThan(96 * MiB);
  expect((await old.get('/api/storage/usage')).total_bytes).toBe(size);
});

test('a delete deletes the file that is there now, whatever had its name before', async () => {
  const { old } = await shared().user();
  const first = await old.upload('a.txt', 'short');
  await old.ask('DELETE', `/api/files/${first.id}`);
  await old.upload('a.txt', 'much longer than before');
  await old.ask('DELETE', '/api/storage/file', { filePath: 'a.txt' });
  expect((await old.get('/api/storage/usage')).total_bytes).toBe(0);
});

test('everybody sees their own usage, and new users none', async () => {
  const [kim, lee] = [await shared().user(), await shared().user()];
  await kim.old.upload('a.txt', '12345');
  const raw = async ({ old }: typeof kim) => (await old.ask('GET', '/storage/info/')).json as unknown as object;
  expect(await raw(kim)).toMatchObject({ used: '5.00 B' });
  expect(await raw(lee)).toMatchObject({ used: '0.00 B', raw: { used: 0 } });
});
