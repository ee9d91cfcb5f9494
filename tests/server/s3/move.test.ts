import { execFile } from 'node:child_process';
import { readdir, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { migrate } from '../../../server/storage/migrate.ts';
import { MiB } from '../../../shared/bytes.ts';
import { byHand, environmentOf, onPostgres, openDatabasesOf } from '../database.ts';
import { Client, contentOf, freshServer, randomBytes, temporaryFolder, text } from '../harness.ts';
import { SERVER_PROGRAM } from '../program.ts';
import { TestClock } from '../testClock.ts';
import { faultProxy } from './faultProxy.ts';
import { bucketOf, noS3, testBucket } from './testBucket.ts';

const NAME = noS3 ? ` (skipped: ${noS3})` : '';
const MINUTE = 60_000;

const storesIn = (data: string): string[] => {
  const db = byHand(data);
  const stores = db.prepare('select store from objects order by id').pluck().all().map(String);
  db.close();
  return stores;
};

const filesIn = async (data: string): Promise<string[]> =>
  (await readdir(join(data, 'users'), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map(({ name }) => name);

test.skipIf(noS3)(
  `everything moves from the disk into the bucket but what is damaged, and is served from there${NAME}`,
  async () => {
    const data = await temporaryFolder();
    const plain = await freshServer({ data, s3: null });
    const user = await plain.addUser('kim');
    const before = new Client(plain.url, user.token);
    const large = contentOf(randomBytes(40 * MiB, 'moved'));
    const node = await before.upload('large.bin', large);
    const small = await before.put('small.txt', text('small'));
    await before.put('damaged.bin', contentOf(randomBytes(5_000, 'damaged')));
    await plain.close();
    const folder = join(data, 'users', user.id, 'other');
    const db = await openDatabasesOf(data);
    onTestFinished(() => db.close());
    const { key } = await db.read
      .selectFrom('objects')
      .select('key')
      .where('size', '=', 5_000)
      .executeTakeFirstOrThrow();
    await truncate(join(data, key), 4_999);
    expect(await readdir(folder)).toHaveLength(2);

    const place = await testBucket();
    const bucket = bucketOf(place);
    const moved = () => migrate({ db, data, bucket, progress: () => undefined, graceMs: 0 });
    expect(await moved()).toMatchObject({
      objects: 2,
      bytes: 40 * MiB + 5,
      damaged: [key],
      removed: 2,
      kept: undefined,
    });
    expect(storesIn(data).sort()).toEqual(['disk', 's3', 's3']);
    expect(await filesIn(data)).toEqual([key.split('/').at(-1)]);
    expect(await moved()).toMatchObject({ objects: 0, removed: 0, damaged: [key] });

    const server = await freshServer({ data, s3: place });
    const after = new Client(server.url, user.token);
    expect((await after.download(node)).equals(large.bytes)).toBe(true);
    expect((await after.download(small)).toString()).toBe('small');
  },
);

test.skipIf(noS3)(
  `what the bucket does not take lies on the disk where that is allowed, and moves when it answers${NAME}`,
  async () => {
    const place = await testBucket({ whenAway: 'disk' });
    const proxy = await faultProxy(place.endpoint ?? '');
    const clock = new TestClock();
    const server = await freshServer({ s3: { ...place, endpoint: proxy.endpoint }, logLevel: 'silent' }, clock);
    const user = await server.addUser('kim');
    const client = new Client(server.url, user.token);
    proxy.fault = () => 'refuse';
    const small = await client.put('small.txt', text('small'));
    const content = contentOf(randomBytes(20 * MiB, 'kept'));
    const node = await client.upload('large.bin', content);
    expect(storesIn(server.data)).toEqual(['waiting', 'waiting']);
    expect((await client.download(node)).equals(content.bytes)).toBe(true);
    proxy.fault = () => undefined;
    await clock.pass(MINUTE);
    await expect.poll(() => storesIn(server.data), { timeout: 20_000 }).toEqual(['s3', 's3']);
    expect((await client.download(small)).toString()).toBe('small');
    expect((await client.download(node)).equals(content.bytes)).toBe(true);
    await clock.pass(3 * MINUTE);
    await expect.poll(() => filesIn(server.data), { timeout: 20_000 }).toEqual([]);
  },
);

test.skipIf(noS3)(
  `a download is fetched from the bucket itself where that is allowed, as a file that no browser shows${NAME}`,
  async () => {
    const place = await testBucket({ downloads: 'redirect' });
    const server = await freshServer({ s3: place });
    const user = await server.addUser('kim');
    const client = new Client(server.url, user.token);
    const content = contentOf(randomBytes(2 * MiB, 'redirected'));
    const node = await client.upload('Größe.html', content);
    const path = `/api/v1/nodes/${node.id}/content`;
    const answer = await client.fetch(path, { redirect: 'manual' });
    expect(answer.status).toBe(307);
    const location = answer.headers.get('location') ?? '';
    expect(location.startsWith(place.endpoint ?? '-')).toBe(true);
    const fetched = await fetch(location, { headers: { range: 'bytes=1000-1999' } });
    expect(fetched.status).toBe(206);
    expect(fetched.headers.get('content-disposition')).toContain('attachment');
    expect(fetched.headers.get('content-type')).toBe('application/octet-stream');
    expect(Buffer.from(await fetched.arrayBuffer()).equals(content.bytes.subarray(1_000, 2_000))).toBe(true);
    expect((await client.download(node)).equals(content.bytes)).toBe(true);
    const forged = location.replace(/Signature=[0-9a-f]+/, `Signature=${'0'.repeat(64)}`);
    expect((await fetch(forged)).status).toBe(403);
    const head = await client.fetch(path, { method: 'HEAD', redirect: 'manual' });
    expect([head.status, head.headers.get('content-length')]).toEqual([200, String(content.bytes.length)]);
  },
);

test.skipIf(noS3)(
  `the command line says what lies where, and whether the bucket does all that is asked of it${NAME}`,
  async () => {
    const place = await testBucket();
    const server = await freshServer({ s3: place });
    const user = await server.addUser('kim');
    await new Client(server.url, user.token).put('a.txt', text('abc'));
    const env = {
      ...(await environmentOf(server.data)),
      S3_BUCKET: place.bucket,
      S3_ENDPOINT: place.endpoint ?? '',
      S3_REGION: place.region,
      S3_PREFIX: place.prefix,
      S3_ACCESS_KEY_ID: place.credentials?.accessKeyId,
      S3_SECRET_ACCESS_KEY: place.credentials?.secretAccessKey,
    };
    const cli = (args: readonly string[], more: Record<string, string> = {}) =>
      new Promise<{ code: number; stdout: string }>((done) => {
        const all = [SERVER_PROGRAM, ...args, '--data', server.data];
        execFile(process.execPath, all, { env: { ...env, ...more } }, (error, stdout) => {
          done({ code: typeof error?.code === 'number' ? error.code : 0, stdout });
        });
      });
    expect(JSON.parse((await cli(['storage', 'status', '--json'])).stdout)).toEqual([
      { store: 's3', objects: 1, bytes: 3 },
    ]);
    expect((await cli(['storage', 'migrate'])).stdout).toContain('0 files');
    expect(await cli(['check', '--deep', '--json'])).toMatchObject({ code: 0 });
    const doctor = JSON.parse((await cli(['doctor', '--json'])).stdout);
    expect(doctor.find(({ subject }: { subject: string }) => subject === 'bucket')).toMatchObject({ state: 'good' });
    const wrong = JSON.parse((await cli(['doctor', '--json'], { S3_SECRET_ACCESS_KEY: 'wrong' })).stdout);
    expect(wrong.find(({ subject }: { subject: string }) => subject === 'bucket')).toMatchObject({ state: 'bad' });
    const ready = await fetch(`${server.url}/ready`);
    expect([ready.status, await ready.json()]).toMatchObject([200, { storage: 'good', bucket: 'good' }]);
  },
);

test.skipIf(noS3)(
  `a backup names what lies in the bucket, or holds it and is restored to the disk${NAME}`,
  async () => {
    const { createBackup } = await import('../../../server/backup/create.ts');
    const { restoreBackup } = await import('../../../server/backup/restore.ts');
    const { bucketReader } = await import('../../../server/content/s3/store.ts');
    const place = await testBucket();
    const server = await freshServer({ s3: place });
    const user = await server.addUser('kim');
    const client = new Client(server.url, user.token);
    const content = contentOf(randomBytes(3 * MiB, 'backed up'));
    const node = await client.upload('a.bin', content);
    const db = await openDatabasesOf(server.data);
    onTestFinished(() => db.close());
    const into = await temporaryFolder();
    const named = await createBackup(db, server.data, into, Date.now());
    expect(named.manifest).toMatchObject({ bucket: 'named', objects: 0 });
    const whole = await createBackup(db, server.data, into, Date.now() + 1, bucketReader(bucketOf(place)));
    expect(whole.manifest).toMatchObject({ bucket: 'copied', objects: 1, bytes: 3 * MiB });
    const data = join(await temporaryFolder(), 'restored');
    const empty = onPostgres ? await openDatabasesOf(data) : null;
    expect((await restoreBackup(whole.path, data, false, empty)).findings).toEqual([]);
    await empty?.close();
    const restored = await freshServer({ data, s3: null });
    expect((await new Client(restored.url, user.token).download(node)).equals(content.bytes)).toBe(true);
  },
);
