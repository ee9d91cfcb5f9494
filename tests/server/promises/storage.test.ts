import { expect, test } from 'vitest';
import { GiB } from '../../../shared/bytes.ts';
import { sharedServer } from './scene.ts';

const shared = sharedServer();

test('GET /api/storage/usage, /quota and /stats tell bytes, words, the breakdown and the ten last uploads', async () => {
  const { old, id } = await shared().user();
  await old.upload('film.mp4', 'x'.repeat(1_536));
  const usage = { user_id: id, total_bytes: 1_536, max_bytes: 10 * GiB, file_count: 1, usedFormatted: '1.5 KB' };
  expect(await old.get('/api/storage/usage')).toMatchObject(usage);
  expect(await old.get('/api/storage/quota')).toMatchObject({ used: 1_536, limitFormatted: '10 GB', canUpload: true });
  const stats = await old.get('/api/storage/stats');
  expect(stats.breakdown).toMatchObject([{ fileType: 'video', category: 'general', fileCount: 1, percentage: 100 }]);
  expect(stats.recentUploads).toMatchObject([{ fileName: 'film.mp4', fileSize: 1_536 }]);
});

test('PUT /api/storage/quota {userId,maxBytes} is for administrators, and holds at once', async () => {
  const { old, id } = await shared().user();
  const body = { userId: id, maxBytes: 20 * GiB };
  expect((await old.ask('PUT', '/api/storage/quota', body)).status).toBe(403);
  expect((await shared().ada.ask('PUT', '/api/storage/quota', body)).json.success).toBe(true);
  expect((await old.get('/api/storage/quota')).limit).toBe(20 * GiB);
});

test('POST /api/storage/upload takes category, subcategory, entityId and metadata, and answers with a signed address', async () => {
  const { old } = await shared().user();
  const fields = { category: 'tenants', subcategory: 'applications', entityId: 't-1', metadata: '{"floor":2}' };
  const { json } = await old.form('/api/storage/upload', { 'a.pdf': 'application' }, fields);
  expect(json).toMatchObject({ success: true, data: { success: true, fileSize: 11 } });
  expect(await (await fetch(json.data.fileUrl)).text()).toBe('application');
  expect((await old.get(`/api/files/${json.data.fileId}`)).metadata).toEqual({ floor: 2 });
});

test('DELETE /api/storage/file {filePath} deletes what lies there, and its bytes are free', async () => {
  const { old } = await shared().user();
  const { json } = await old.form('/api/storage/upload', { 'a.pdf': '12345' });
  expect((await old.ask('DELETE', '/api/storage/file', { filePath: json.data.filePath })).json).toEqual({
    success: true,
    message: 'File deleted successfully',
  });
  expect((await old.get('/api/storage/usage')).total_bytes).toBe(0);
});

test('GET /storage/info/ and /storage/api/storage/analytics/ tell used, limit, available, percentage and the raw numbers', async () => {
  const { old } = await shared().user('starter');
  const info = {
    used: '0.00 B',
    limit: '5.00 GB',
    available: '5.00 GB',
    percentage_used: '0.00%',
    raw: { used: 0, limit: 5_368_709_120, available: 5_368_709_120, percentage_used: 0 },
  };
  expect((await old.ask('GET', '/storage/info/')).json).toEqual(info);
  expect((await old.ask('GET', '/storage/api/storage/analytics/')).json).toMatchObject(info);
});

test('plans are Free, Bronze, Silver, Gold, Platinum and Starter, Professional, Business, Enterprise', async () => {
  const { said } = await shared().command('plans', '--json');
  const plans = Object.fromEntries(
    (JSON.parse(said) as { name: string; quotaBytes: number | null }[]).map(({ name, quotaBytes }) => [
      name,
      quotaBytes === null ? null : quotaBytes / GiB,
    ]),
  );
  expect(plans).toEqual({
    free: 10,
    bronze: 20,
    silver: 50,
    gold: 100,
    platinum: 200,
    starter: 5,
    professional: 50,
    business: 100,
    enterprise: null,
  });
});

test('a change of plan changes the limit', async () => {
  const { old, name } = await shared().user();
  await shared().command('users', 'plan', name, 'gold');
  expect((await old.get('/api/storage/usage')).max_bytes).toBe(107_374_182_400);
});

test('a new user has a row at once, with nothing used', async () => {
  const { id } = await shared().user();
  const row = shared().sql((db) =>
    db.prepare('select total_bytes, max_bytes, file_count from user_storage where user_id = ?').get(id),
  );
  expect(row).toEqual({ total_bytes: 0, max_bytes: 10_737_418_240, file_count: 0 });
});

test('what is missing of a user’s counts is found, only told by --dry-run, and repaired on a yes', async () => {
  const { old, id } = await shared().user();
  await old.upload('a.jpg', '12345');
  const lost = () => shared().sql((db) => db.prepare('select 1 from usage_breakdown where user_id = ?').get(id));
  shared().sql((db) => db.prepare('delete from usage_breakdown where user_id = ?').run(id));
  expect((await shared().command('check', '--repair', '--dry-run', '--yes')).code).toBe(2);
  expect(lost()).toBeUndefined();
  expect((await shared().command('check', '--repair', '--yes')).code).toBe(0);
  expect((await old.get('/api/storage/stats')).breakdown).toMatchObject([{ totalSize: 5 }]);
});

test('the usage of one user, or of all, is counted again', async () => {
  const { old, name } = await shared().user();
  await old.upload('a.jpg', '12345');
  const spoil = () => shared().sql((db) => db.prepare('update users set used_bytes = 9 where name = ?').run(name));
  const used = async () => (await old.get('/api/storage/usage')).total_bytes;
  spoil();
  await shared().command('refresh', name, '--dry-run');
  expect(await used()).toBe(9);
  await shared().command('refresh', '--yes');
  expect(await used()).toBe(5);
});

test('an upload beyond the limit is refused before it is stored, with a sentence and how much is missing', async () => {
  const { old, id } = await shared().user();
  await shared().ada.ask('PUT', '/api/storage/quota', { userId: id, maxBytes: 100 });
  await old.upload('a.txt', 'x'.repeat(80));
  const { status, json } = await old.form('/api/files/upload', { 'b.txt': 'x'.repeat(30) });
  expect([status, json.code]).toEqual([507, 'quota-exceeded']);
  expect(json.quota).toMatchObject({ usedBytes: 80, limitBytes: 100, neededBytes: 30 });
  expect(await old.names('')).toEqual(['a.txt']);
  expect((await shared().command('report', '--json')).said).toContain(`"nearLimit":[{"id":"${id}"`);
});
