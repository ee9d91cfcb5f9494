import { execFile } from 'node:child_process';
import { expect, onTestFinished, test } from 'vitest';
import { startServer } from '../../../server/index.ts';
import { paths } from '../../../shared/api/paths.ts';
import { Client, temporaryFolder, text } from '../harness.ts';
import { SERVER_PROGRAM } from '../program.ts';
import { type Cluster, startCluster } from './cluster.ts';

async function ownCluster(): Promise<Cluster> {
  const cluster = await startCluster();
  onTestFinished(() => cluster.stop());
  return cluster;
}

const database = (url: string) => ({ url, connections: 6, waitMs: 0 });

test('while the database is away requests hear to come again later, and then all goes on', async () => {
  const cluster = await ownCluster();
  const data = await temporaryFolder();
  const server = await startServer({ data, port: 0, database: database(cluster.url('postgres')), logLevel: 'silent' });
  onTestFinished(() => server.close());
  const client = new Client(server.url, (await server.addUser('kim')).token);
  await client.put('before.txt', text('before'));

  cluster.crash();
  const answer = await client.fetch(paths.changes);
  expect([answer.status, answer.headers.get('retry-after'), answer.headers.get('content-type')]).toEqual([
    503,
    '5',
    'application/problem+json; charset=utf-8',
  ]);
  expect(await answer.json()).toMatchObject({ code: 'unavailable', retryAfterSeconds: 5 });
  expect((await client.fetch(paths.health)).status).toBe(200);
  expect((await client.fetch(paths.ready)).status).toBe(503);

  cluster.start();
  await expect.poll(async () => (await client.fetch(paths.ready)).status, { timeout: 20_000 }).toBe(200);
  await client.put('after.txt', text('after'));
  expect((await client.changes()).nodes.map(({ name }) => name)).toEqual(['before.txt', 'after.txt']);
});

test('a start waits for a database that is away, says so, and then ends with a sentence that holds no password', async () => {
  const data = await temporaryFolder();
  const env = { ...process.env, DATABASE_URL: 'postgres://kim:secret@127.0.0.1:9/files', DATABASE_WAIT: '1' };
  const said = await new Promise<string>((resolve) => {
    execFile(process.execPath, [SERVER_PROGRAM, '--data', data, '--port', '0'], { env }, (error, stdout, stderr) =>
      resolve(`${error?.code} ${stdout}${stderr}`),
    );
  });
  expect(said).toMatch(/^1 Waiting for the database kim@127\.0\.0\.1:9\/files \(ECONNREFUSED\)\.\n/);
  expect(said).toMatch(/cannot be reached \(ECONNREFUSED\)\. Start it, or correct DATABASE_URL, then start again\.\n$/);
  expect(said).not.toContain('secret');
});

test('a database that holds something else, and a folder with a database of its own, are left alone', async () => {
  const cluster = await ownCluster();
  const { Client: Sql } = await import('pg');
  const sql = new Sql({ connectionString: cluster.url('postgres') });
  await sql.connect();
  await sql.query('create table users (whose text)');
  await expect(
    startServer({ data: await temporaryFolder(), port: 0, database: database(cluster.url('postgres')) }),
  ).rejects.toThrow('holds tables of something else');
  await sql.query('drop table users');
  await sql.end();

  const data = await temporaryFolder();
  await (await startServer({ data, port: 0 })).close();
  await expect(startServer({ data, port: 0, database: database(cluster.url('postgres')) })).rejects.toThrow(
    'has a database of its own',
  );
});
