import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, readdir, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { expect, onTestFinished, test, vi } from 'vitest';
import { shownDefaultData } from '../../server/config.ts';
import { paths } from '../../shared/api/paths.ts';
import { MiB } from '../../shared/bytes.ts';
import { Client, contentOf, draft, newUploadId, randomBytes, temporaryFolder, text } from './harness.ts';
import { SERVER_PROGRAM } from './program.ts';

interface Finished {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const run = (...args: string[]): Promise<Finished> =>
  new Promise((resolve) => {
    execFile(process.execPath, [SERVER_PROGRAM, ...args], (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
    );
  });

async function serving(data: string, ...args: string[]): Promise<{ url: string; child: ChildProcess }> {
  const child = spawn(process.execPath, [SERVER_PROGRAM, '--data', data, '--port', '0', ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  let printed = '';
  for await (const text of child.stdout ?? []) {
    printed += text;
    const url = /^listening on (http:\S+)\n/.exec(printed)?.[1];
    if (url) return { url, child };
  }
  throw new Error('the server did not start');
}

async function stopped(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  const exit = once(child, 'exit');
  child.kill(signal);
  const [code] = await exit;
  return code;
}

async function addUser(data: string, name = 'kim'): Promise<{ id: string; name: string; token: string }> {
  const { stdout, stderr } = await run('users', 'add', name, '--data', data, '--json');
  expect(stderr).toBe('');
  return JSON.parse(stdout);
}

test('a user is added beside a running server, and is let in at once', async () => {
  const data = await temporaryFolder();
  const { url } = await serving(data);
  const user = await addUser(data);
  expect(await new Client(url, user.token).json('GET', paths.me)).toMatchObject({ userId: user.id, name: 'kim' });
});

test('another token of a user is made beside a running server, and those made before stay good', async () => {
  const data = await temporaryFolder();
  const { url } = await serving(data);
  const user = await addUser(data);
  const { code, stdout } = await run('users', 'token', 'kim', '--data', data, '--json');
  expect(code).toBe(0);
  const again = JSON.parse(stdout);
  expect(again).toEqual({ id: user.id, name: 'kim', token: expect.stringMatching(/^dle_/) });
  expect(again.token).not.toBe(user.token);
  for (const token of [user.token, again.token]) {
    expect(await new Client(url, token).json('GET', paths.me)).toMatchObject({ userId: user.id });
  }
  expect((await run('users', 'token', 'kim', '--data', data)).stdout).toMatch(/shown only now:\ndle_\S+\n$/);
});

test('users and quotas are seen and set from the command line', async () => {
  const data = await temporaryFolder();
  await addUser(data);
  expect((await run('quota', 'set', 'kim', '20GB', '--data', data)).code).toBe(0);
  const listed = await run('users', '--data', data, '--json');
  expect(JSON.parse(listed.stdout)).toMatchObject([{ name: 'kim', plan: 'free', quotaBytes: 20 * 2 ** 30 }]);
  expect((await run('users', '--data', data)).stdout).toContain('kim');
});

test('the data folder is for its owner only', async () => {
  const data = join(await temporaryFolder(), 'data');
  const { url } = await serving(data);
  const client = new Client(url, (await addUser(data)).token);
  await client.put('a.txt', text('a'));
  for (const name of await readdir(data, { recursive: true })) {
    expect((await stat(join(data, name))).mode & 0o077, name).toBe(0);
  }
});

test('SIGTERM lets a running request end, ends event streams, and exits 0', async () => {
  const data = await temporaryFolder();
  const { url, child } = await serving(data);
  const client = new Client(url, (await addUser(data)).token);
  const events = await client.fetch(paths.events);
  const content = contentOf(randomBytes(MiB, 'a'));
  const uploadId = newUploadId();
  await client.open(uploadId, draft(content, 'a.bin'));
  const [part] = await client.manifest(uploadId, content.chunks);

  const exit = once(child, 'exit');
  const body = Readable.from(
    (async function* () {
      yield content.bytes.subarray(0, 1_000);
      await vi.waitFor(() => access(join(data, 'staging', uploadId)), 10_000);
      child.kill('SIGTERM');
      // The stream of events ends when the server has begun to stop.
      await events.arrayBuffer();
      yield content.bytes.subarray(1_000);
    })(),
  );
  const answer = await client.fetch(paths.uploadPart(uploadId, part?.part ?? 0), {
    method: 'PUT',
    headers: { 'content-type': 'application/octet-stream' },
    body: Readable.toWeb(body) as ReadableStream,
    duplex: 'half',
  } as RequestInit);
  expect(answer.status).toBe(204);
  expect((await exit)[0]).toBe(0);
});

test('after kill -9 in the middle of an upload only what is missing is sent', async () => {
  const data = await temporaryFolder();
  const first = await serving(data);
  const { token } = await addUser(data);
  const content = contentOf(randomBytes(17 * MiB, 'a'));
  const uploadId = newUploadId();
  const before = new Client(first.url, token);
  await before.open(uploadId, draft(content, 'a.bin'));
  const [part] = await before.manifest(uploadId, content.chunks);
  if (!part) throw new Error('the plan has a part');
  await before.part(uploadId, part, content.bytes);
  await stopped(first.child, 'SIGKILL');

  const after = new Client((await serving(data)).url, token);
  for (const rest of (await after.status(uploadId)).parts) {
    if (!rest.received) await after.part(uploadId, rest, content.bytes);
  }
  const node = await after.complete(uploadId, content.contentId);
  expect(before.sent + after.sent).toBe(content.bytes.length);
  expect((await after.download(node)).equals(content.bytes)).toBe(true);
});

test('small files that were confirmed survive a power cut that took their files', async () => {
  const data = await temporaryFolder();
  const first = await serving(data);
  const user = await addUser(data);
  const before = new Client(first.url, user.token);
  const nodes = await Promise.all(['a', 'b', 'c'].map((name) => before.put(`${name}.txt`, text(`content of ${name}`))));
  await stopped(first.child, 'SIGKILL');
  // What a power cut leaves of files that were never synced: nothing, or their names with nothing in them.
  const folder = join(data, 'users', user.id, 'documents');
  const [one = '', two = ''] = await readdir(folder);
  await rm(join(folder, one));
  await truncate(join(folder, two));

  const after = new Client((await serving(data)).url, user.token);
  const contents = await Promise.all(nodes.map(async (node) => (await after.download(node)).toString()));
  expect(contents).toEqual(['content of a', 'content of b', 'content of c']);
  expect(await readdir(folder)).toHaveLength(3);
});

test('a journal that ends in the middle of a block is no obstacle', async () => {
  const data = await temporaryFolder();
  const first = await serving(data);
  const user = await addUser(data);
  const node = await new Client(first.url, user.token).put('a.txt', text('a'));
  await stopped(first.child, 'SIGKILL');
  const [segment = ''] = await readdir(join(data, 'journal'));
  await writeFile(join(data, 'journal', segment), Buffer.from([0, 0, 1, 0, 123]), { flag: 'a' });
  await rm(join(data, 'users', user.id, 'documents'), { recursive: true });

  const after = new Client((await serving(data)).url, user.token);
  expect((await after.download(node)).toString()).toBe('a');
});

test('a second server on the same data folder is refused', async () => {
  const data = await temporaryFolder();
  await serving(data);
  const second = await run('--data', data, '--port', '0');
  expect(second).toMatchObject({ code: 1, stdout: '' });
  expect(second.stderr).toMatch(/^Another driftless-server already serves .*\.\n$/);
});

test('a server that was killed does not keep its folder', async () => {
  const data = await temporaryFolder();
  const { child } = await serving(data);
  await stopped(child, 'SIGKILL');
  await serving(data);
});

test('a port in use is refused with a next step', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  onTestFinished(() => {
    other.close();
  });
  const { port } = other.address() as AddressInfo;
  const { code, stderr } = await run('--data', await temporaryFolder(), '--port', String(port));
  expect(code).toBe(1);
  expect(stderr).toBe(`Port ${port} is in use on 127.0.0.1. Choose another with --port (or PORT).\n`);
});

test('a data folder that cannot be is refused with a next step', async () => {
  const file = join(await temporaryFolder(), 'file');
  await writeFile(file, '');
  const { code, stderr } = await run('--data', join(file, 'data'), '--port', '0');
  expect(code).toBe(1);
  expect(stderr).toMatch(/^The data folder .* Choose another with --data \(or DRIFTLESS_DATA\)\.\n$/);
});

test.each([
  [['--nonsense'], /^Unknown option '--nonsense'/],
  [['--port', 'x'], /^"x" is not a port/],
  [['--max-file-size', 'x'], /^"x" is not a size/],
  [['--keep', 'soon'], /^"soon" is not a number of days/],
  [['--log-level', 'x'], /^"x" is not a log level/],
  [['--host', '203.0.113.7', '--port', '0'], /^Listening on 203.0.113.7 without encryption/],
  [['nonsense'], /^There is no command "nonsense"/],
  [['users', 'add'], /^Missing required argument 'name'/],
  [['users', 'add', 'a/b'], /^"a\/b" cannot be a user's name/],
  [['users', 'add', 'kim', '--plan', 'huge'], /^There is no plan "huge"/],
  [['users', 'add', 'kim', '--role', 'king'], /king/],
  [['users', 'token', 'nobody'], /^There is no user "nobody"/],
  [['users', 'pair', 'nobody'], /^There is no user "nobody"/],
  [['users', 'token'], /^Missing required argument 'name'/],
  [['check'], /^There is no server's data in /],
  [['quota', 'set', 'nobody', '1GB'], /^There is no server's data in /],
  [['quota', 'set', 'nobody', 'much'], /^"much" is not a size/],
])('%j is one sentence on stderr, and exit 1', async (args, sentence) => {
  const { code, stdout, stderr } = await run(...args, '--data', join(await temporaryFolder(), 'data'));
  expect(code).toBe(1);
  expect(stdout).toBe('');
  expect(stderr).toMatch(sentence);
  expect(stderr).toMatch(/^[^\n]+\.\n$/);
});

test.each([
  ['/home/kim/.data', '~/.data/driftless-server'],
  ['/home/kimberly', '/home/kimberly/driftless-server'],
  ['/srv', '/srv/driftless-server'],
])('help shows a data folder below %s as %s', (below, shown) => {
  expect(shownDefaultData({ XDG_DATA_HOME: below }, '/home/kim')).toBe(shown);
});

test('help and version are answers, not faults', async () => {
  expect(await run('--version')).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
  const help = await run('--help');
  expect(help.code).toBe(0);
  for (const variable of ['DRIFTLESS_DATA', 'PORT', 'DRIFTLESS_HOST', 'MAX_FILE_SIZE', 'DRIFTLESS_KEEP']) {
    expect(help.stdout).toContain(variable);
  }
});
