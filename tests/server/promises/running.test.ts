import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { GiB } from '../../../shared/bytes.ts';
import { OldClient } from '../compat/scene.ts';
import { Client, freshServer, temporaryFolder } from '../harness.ts';
import { SERVER_PROGRAM } from '../program.ts';
import { TestClock } from '../testClock.ts';
import { driftlessServer, sharedServer } from './scene.ts';

const shared = sharedServer();

/** A server that is told everything by its environment: its address. */
async function serving(
  env: Record<string, string>,
): Promise<{ url: string; log: () => string; stop: () => Promise<void> }> {
  const child: ChildProcess = spawn(process.execPath, [SERVER_PROGRAM], { env: { ...process.env, ...env } });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  let log = '';
  child.stderr?.setEncoding('utf8').on('data', (text) => {
    log += text;
  });
  let said = '';
  for await (const text of child.stdout?.setEncoding('utf8') ?? []) {
    said += text;
    const url = /listening on (http:\S+)\n/.exec(said)?.[1];
    if (url) {
      const stop = async () => {
        child.kill('SIGTERM');
        await ended;
      };
      return { url, log: () => log, stop };
    }
  }
  throw new Error(`the server did not start: ${log}`);
}

test('the port is 3007 unless another is given, and /health answers', async () => {
  const { said } = await driftlessServer(['config', '--json'], { PORT: undefined });
  expect(JSON.parse(said)).toContainEqual(
    expect.objectContaining({ variable: 'PORT', value: '3007', source: 'default' }),
  );
  expect(await (await fetch(`${shared().server.url}/health`)).json()).toMatchObject({ status: 'ok' });
});

test('PORT, STORAGE_TYPE, LOCAL_STORAGE_PATH, DEFAULT_STORAGE_LIMIT, MAX_FILE_SIZE and CLERK_SECRET_KEY are heard, and requests logged', async () => {
  const data = await temporaryFolder();
  const place = { STORAGE_TYPE: 'local', LOCAL_STORAGE_PATH: data };
  const limits = { DEFAULT_STORAGE_LIMIT: '5368709120', MAX_FILE_SIZE: '50' };
  const { url, log, stop } = await serving({
    ...place,
    ...limits,
    PORT: '0',
    CLERK_SECRET_KEY: 'sk_test_1',
    LOG_LEVEL: 'info',
  });
  const { said } = await driftlessServer(['users', 'add', 'kim', '--json'], { USER_STORAGE_ROOT: data });
  const kim = new OldClient(new Client(url, JSON.parse(said).token));
  expect(await kim.get('/api/storage/quota')).toMatchObject({ limit: 5 * GiB });
  expect((await kim.form('/api/files/upload', { 'a.txt': 'x'.repeat(51) })).status).toBe(413);
  await stop();
  expect(log()).toContain('"route":"/api/storage/quota","status":200');
});

test('MAX_STORAGE_PER_USER is another name of the limit; two that disagree refuse the start, and azure says what to do', async () => {
  const data = await temporaryFolder();
  const refused = async (env: Record<string, string>) => driftlessServer(['--data', data], { PORT: '0', ...env });
  const both = await refused({ MAX_STORAGE_PER_USER: '10737418240', DEFAULT_STORAGE_LIMIT: '5368709120' });
  expect(both).toMatchObject({ code: 1, said: expect.stringContaining('MAX_STORAGE_PER_USER') });
  expect(await refused({ STORAGE_TYPE: 'azure' })).toMatchObject({
    code: 1,
    said: expect.stringContaining('STORAGE_TYPE'),
  });
});

test('files outlive a restart of the server', async () => {
  const data = await temporaryFolder();
  const first = await freshServer({ data });
  const { token } = await first.addUser('kim');
  const { id } = await new OldClient(new Client(first.url, token)).upload('a.txt', 'still here');
  await first.close();
  const second = await freshServer({ data });
  expect(await new OldClient(new Client(second.url, token)).bytes(`/api/files/${id}/download`)).toBe('still here');
});

test('the database is held against the disk by a command that cron may run', async () => {
  const { old } = await shared().user();
  await old.upload('a.txt', 'a');
  expect(await shared().command('check')).toMatchObject({ code: 0 });
});

test('what uploads have left behind is cleaned away', async () => {
  const clock = new TestClock();
  const data = await temporaryFolder();
  const left = join(data, 'staging', '01890000-0000-7000-8000-000000000000');
  await mkdir(join(data, 'staging'), { mode: 0o700 });
  await writeFile(left, 'half a file');
  await utimes(left, 1, 1);
  await freshServer({ data }, clock);
  await expect(utimes(left, 1, 1)).rejects.toThrow('ENOENT');
});

test('backups hold everything, the newest seven stay, and usage and costs are told', async () => {
  const { old } = await shared().user();
  await old.upload('a.txt', 'a');
  const backups = await temporaryFolder();
  for (let day = 0; day < 2; day += 1) {
    expect(await shared().command('backup', 'create', '--backups', backups, '--keep-backups', '7')).toMatchObject({
      code: 0,
    });
  }
  const list = JSON.parse((await shared().command('backup', '--backups', backups, '--json')).said);
  expect(list).toHaveLength(2);
  expect(JSON.parse((await shared().command('report', '--json')).said)).toMatchObject({
    fileCount: expect.any(Number),
  });
  const estimate = await driftlessServer(['estimate', '--users', '10', '--stored-gb', '0.056', '--json']);
  expect(JSON.parse(estimate.said)).toMatchObject({ monthly: expect.any(Number) });
});
