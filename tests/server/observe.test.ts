import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { paths } from '../../shared/api/paths.ts';
import { freshUser, temporaryFolder, text } from './harness.ts';

test('a server that can do its work says so', async () => {
  const { client } = await freshUser();
  const answer = await client.fetch(paths.ready);
  const ready = { ready: true, database: 'good', storage: 'good', ffmpeg: expect.any(String) };
  expect([answer.status, await answer.json()]).toEqual([200, ready]);
});

test('a server tells whether it has ffmpeg, and is ready without', async () => {
  const { client } = await freshUser();
  const programs = await temporaryFolder();
  const path = process.env.PATH;
  onTestFinished(() => {
    process.env.PATH = path;
  });
  process.env.PATH = programs;
  const ready = async () => (await client.fetch(paths.ready)).json();
  expect(await ready()).toMatchObject({ ready: true, ffmpeg: 'missing' });
  for (const name of ['ffmpeg', 'ffprobe']) await writeFile(join(programs, name), '', { mode: 0o700 });
  expect(await ready()).toMatchObject({ ready: true, ffmpeg: 'good' });
});

test('a server whose storage has gone away is not ready, and says which part is not', async () => {
  const { server, client } = await freshUser();
  await rename(server.data, `${server.data}.unplugged`);
  onTestFinished(() => rename(`${server.data}.unplugged`, server.data));
  const answer = await client.fetch(paths.ready);
  expect([answer.status, await answer.json()]).toMatchObject([503, { ready: false, storage: 'unreachable' }]);
});

test('metrics open to their token only, and count what there is', async () => {
  const { server, client } = await freshUser({ metricsToken: 'dashboard' });
  await client.put('a.txt', text('12345'));
  expect((await client.fetch(paths.metrics)).status).toBe(404);
  const answer = await fetch(server.url + paths.metrics, { headers: { authorization: 'Bearer dashboard' } });
  const lines = (await answer.text()).split('\n');
  expect(lines).toContain('driftless_users 1');
  expect(lines).toContain('driftless_used_bytes 5');
  expect(lines).toContain('driftless_request_seconds_count{method="POST",route="/api/v1/batch/upload",status="200"} 1');
});

test('without a token there are no metrics', async () => {
  const { server } = await freshUser();
  expect((await fetch(server.url + paths.metrics)).status).toBe(404);
});
