import { expect, onTestFinished, test } from 'vitest';
import { GiB } from '../../../shared/bytes.ts';
import { byHand } from '../database.ts';
import { scene } from './scene.ts';

async function sceneWithDatabase() {
  const made = await scene();
  const db = byHand(made.server.data);
  onTestFinished(() => {
    db.close();
  });
  return { ...made, db };
}

test('a new user starts with nothing used, in the very words of the app that shows it', async () => {
  const { other, db } = await sceneWithDatabase();
  db.exec(`update users set quota_bytes = ${5 * GiB}, quota_overridden = 1 where name = 'other'`);
  expect((await other.ask('GET', '/storage/info/')).json).toEqual({
    used: '0.00 B',
    limit: '5.00 GB',
    available: '5.00 GB',
    percentage_used: '0.00%',
    raw: { used: 0, limit: 5 * GiB, available: 5 * GiB, percentage_used: 0 },
  });
});

test('each user sees their own usage', async () => {
  const { old, other } = await scene();
  await old.upload('a.txt', '12345');
  expect((await old.get('/api/storage/usage')).total_bytes).toBe(5);
  expect((await other.get('/api/storage/usage')).total_bytes).toBe(0);
});

test('GET /api/storage/quota tells bytes and words, and what an empty account has used is no NaN', async () => {
  const { old } = await scene();
  expect(await old.get('/api/storage/quota')).toEqual({
    used: 0,
    limit: 10 * GiB,
    available: 10 * GiB,
    percentage: 0,
    canUpload: true,
    usedFormatted: '0 Bytes',
    limitFormatted: '10 GB',
    availableFormatted: '10 GB',
  });
});

test('no limit is null, not the largest number there is', async () => {
  const { old, db } = await sceneWithDatabase();
  db.exec(`update users set plan = 'enterprise'; update users set quota_bytes = null`);
  expect(await old.get('/api/storage/quota')).toMatchObject({
    limit: null,
    canUpload: true,
    limitFormatted: 'Unlimited',
  });
});

test('POST /api/storage/upload files by category, entity and subcategory, and answers with a signed address', async () => {
  const { old, client } = await scene();
  const fields = { category: 'properties', subcategory: 'photos', entityId: 'p-17', metadata: '{"rooms":3}' };
  const { json } = await old.form('/api/storage/upload', { 'front.jpg': 'front' }, fields);
  expect(json).toMatchObject({ success: true, data: { filePath: 'properties/p-17/photos/front.jpg', fileSize: 5 } });
  expect(await (await fetch(json.data.fileUrl)).text()).toBe('front');
  expect((await client.node(json.data.fileId)).library).toEqual({
    category: 'properties',
    subcategory: 'photos',
    entityId: 'p-17',
  });
  expect((await old.get(`/api/files/${json.data.fileId}`)).metadata).toEqual({ rooms: 3 });
});

test('a form without a category is filed under documents', async () => {
  const { old } = await scene();
  const { json } = await old.form('/api/storage/upload', { 'lease.pdf': 'lease' });
  expect(json.data.filePath).toBe('documents/lease.pdf');
});

test('GET /api/storage/stats breaks down by type and category, and a delete takes from where the upload added', async () => {
  const { old } = await scene();
  await old.form('/api/storage/upload', { 'a.jpg': '123' }, { category: 'properties' });
  const { json } = await old.form('/api/storage/upload', { 'b.pdf': '1' }, { category: 'tenants' });
  expect(await old.get('/api/storage/stats')).toMatchObject({
    quota: { used: 4 },
    breakdown: [
      { fileType: 'image', category: 'properties', fileCount: 1, totalSize: 3, percentage: 75 },
      { fileType: 'document', category: 'tenants', fileCount: 1, totalSize: 1, percentage: 25 },
    ],
    recentUploads: [
      { fileName: 'b.pdf', fileSize: 1 },
      { fileName: 'a.jpg', fileSize: 3 },
    ],
  });
  await old.ask('DELETE', '/api/storage/file', { filePath: json.data.filePath });
  expect((await old.get('/api/storage/stats')).breakdown).toMatchObject([{ category: 'properties', totalSize: 3 }]);
});

test('twelve uploads are ten recent ones, the newest first', async () => {
  const { old } = await scene();
  for (let n = 1; n <= 12; n++) await old.upload(`${n}.txt`, `${n}`);
  const { recentUploads } = await old.get('/api/storage/stats');
  expect(recentUploads.map((upload) => upload.fileName)).toEqual(Array.from({ length: 10 }, (_, i) => `${12 - i}.txt`));
});

test('DELETE /api/storage/file deletes the file at that path, though others had the name before', async () => {
  const { old } = await scene();
  const first = await old.upload('a.txt', 'first');
  await old.ask('DELETE', `/api/files/${first.id}`);
  await old.upload('a.txt', 'second, and longer');
  expect((await old.ask('DELETE', '/api/storage/file', { filePath: 'a.txt' })).json.success).toBe(true);
  expect((await old.get('/api/storage/usage')).total_bytes).toBe(0);
  expect((await old.ask('DELETE', '/api/storage/file', { filePath: 'a.txt' })).status).toBe(404);
  expect((await old.ask('DELETE', '/api/storage/file', {})).status).toBe(400);
});

test('an upload beyond the quota is refused with a clear sentence, before and after it is sent', async () => {
  const { old, db } = await sceneWithDatabase();
  db.exec('update users set quota_bytes = 100000, quota_overridden = 1');
  for (const size of [90_000, 400_000]) {
    await old.upload(`${size}.kept`, '');
    const { status, json } = await old.form('/api/files/upload', { 'big.bin': 'x'.repeat(size + 20_000) });
    expect([status, json.success, json.code, json.quota.limitBytes]).toEqual([507, false, 'quota-exceeded', 100_000]);
    expect(json.error).toMatch(/Free some space or choose a larger plan\.$/);
  }
});

test('quota and recalculate are for administrators', async () => {
  const { old, user } = await scene();
  expect((await old.ask('PUT', '/api/storage/quota', { userId: user.id, maxBytes: 1 })).status).toBe(403);
  expect((await old.ask('POST', '/api/storage/recalculate')).status).toBe(403);
});

test('PUT /api/storage/quota sets the limit of a user by id or name', async () => {
  const { old, other, user, db } = await sceneWithDatabase();
  db.exec(`update users set role = 'admin' where name = 'other'`);
  expect((await other.ask('PUT', '/api/storage/quota', { userId: user.id, maxBytes: 20 * GiB })).json).toMatchObject({
    success: true,
    data: { maxBytes: 20 * GiB },
  });
  expect((await old.get('/api/storage/quota')).limit).toBe(20 * GiB);
  expect((await other.ask('PUT', '/api/storage/quota', { userId: 'nobody', maxBytes: 1 })).status).toBe(404);
});

test('POST /api/storage/recalculate counts what is there: deletes count, and a wrong counter is set right', async () => {
  const { old, db } = await sceneWithDatabase();
  db.exec(`update users set role = 'admin' where name = 'kim'`);
  await old.upload('a.txt', '12345');
  const { id } = await old.upload('b.txt', '678');
  await old.ask('DELETE', `/api/files/${id}`);
  db.exec(`update users set used_bytes = 999 where name = 'kim'`);
  const { json } = await old.ask('POST', '/api/storage/recalculate', {});
  expect(json).toEqual({ success: true, data: { totalSize: 5, totalSizeFormatted: '5 Bytes' } });
});

test('GET /storage/api/storage/analytics/ tells the same and what it is made of', async () => {
  const { old } = await scene();
  await old.upload('a.jpg', '12345');
  expect((await old.ask('GET', '/storage/api/storage/analytics/')).json).toMatchObject({
    used: '5.00 B',
    raw: { used: 5 },
    breakdown: [{ fileType: 'image', category: 'general', totalSize: 5 }],
    recent_uploads: [{ fileName: 'a.jpg' }],
  });
});

test('parallel uploads cannot share the last of the quota', async () => {
  const { old, db } = await sceneWithDatabase();
  db.exec('update users set quota_bytes = 300000, quota_overridden = 1');
  const forms = Array.from({ length: 12 }, (_, n) =>
    old.form('/api/files/upload', { [`${n}.bin`]: `${n}`.padEnd(70_000) }),
  );
  const stored = (await Promise.all(forms)).filter(({ status }) => status === 201).length;
  expect(stored).toBe(4);
  expect((await old.get('/api/storage/usage')).total_bytes).toBe(280_000);
});
