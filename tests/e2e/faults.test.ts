import { existsSync, mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GiB, MiB } from '../../shared/bytes.ts';
import { Device } from './harness/device.ts';
import { type Ended, run } from './harness/program.ts';
import { randomBytes, writeRandomFile } from './harness/random.ts';
import { Scene } from './harness.ts';

/** One sentence for people on stderr, no stack, exit code 1. */
function expectSentence(ended: Ended, about: RegExp): void {
  expect(ended).toMatchObject({ code: 1, signal: null });
  const lines = ended.stderr.trim().split('\n');
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(about);
  expect(lines[0]).not.toMatch(/^\s+at |Error:|node:internal|ENOENT|ECONNREFUSED|EADDRINUSE/);
}

describe('a client that cannot begin', () => {
  let scene: Scene;
  let folder: string;
  let count = 0;

  beforeAll(async () => {
    scene = await Scene.open();
    folder = join(scene.directory, 'folder');
    mkdirSync(folder);
    writeFileSync(join(folder, 'file.txt'), 'still here');
  });
  afterAll(() => scene?.close());

  const sync = (changed: Partial<Record<'folder' | 'server' | 'token' | 'state', string>>): Promise<Ended> => {
    count += 1;
    const flags = {
      folder,
      server: scene.server.url,
      token: scene.account.token,
      state: join(scene.directory, `state ${count}`),
      ...changed,
    };
    return run('driftless', [
      'sync',
      ...Object.entries(flags).flatMap(([flag, value]) => [`--${flag}`, value]),
      '--once',
    ]);
  };

  it('says that the token is wrong', async () => {
    expectSentence(await sync({ token: 'nonsense' }), /token/i);
    expectSentence(await sync({ token: `${scene.account.token}x` }), /token/i);
  });

  it('says that nobody answers at the address', async () => {
    const port = await freePort();
    expectSentence(await sync({ server: `http://127.0.0.1:${port}` }), new RegExp(`${port}`));
  });

  it('says that the address is none', async () => {
    expectSentence(await sync({ server: 'not an address' }), /address|server/i);
    expectSentence(await sync({ server: 'ftp://127.0.0.1' }), /address|server|http/i);
  });

  it('refuses plain http to another host', async () => {
    expectSentence(await sync({ server: 'http://driftless.example' }), /https/i);
  });

  it('says that the server is not Driftless', async () => {
    const other = createServer((_, response) => response.end('<html>hello</html>'));
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const ended = await sync({ server: `http://127.0.0.1:${(other.address() as AddressInfo).port}` });
    other.closeAllConnections();
    other.close();
    expectSentence(ended, /not (a )?driftless/i);
  });

  it('says that something else than HTTP answers', async () => {
    const other = createTcpServer((socket) => socket.end('220 mail.example ESMTP\r\n'));
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const ended = await sync({ server: `http://127.0.0.1:${(other.address() as AddressInfo).port}` });
    other.close();
    expectSentence(ended, /driftless/i);
  });

  it('says that the folder is missing and does not make it', async () => {
    const missing = join(scene.directory, 'missing');
    expectSentence(await sync({ folder: missing }), /folder|missing/i);
    expect(existsSync(missing)).toBe(false);
  });

  it('says that the folder is a file', async () => {
    const file = join(scene.directory, 'a file');
    writeFileSync(file, 'not a folder');
    expectSentence(await sync({ folder: file }), /folder/i);
    expect(readFileSync(file, 'utf8')).toBe('not a folder');
  });

  it('says that the state folder cannot be used', async () => {
    const file = join(scene.directory, 'state file');
    writeFileSync(file, '');
    expectSentence(await sync({ state: file }), /state/i);
  });

  it('says which flag it does not know and which is missing', async () => {
    expectSentence(await run('driftless', ['sync', '--folde', folder]), /--folde/);
    expectSentence(await run('driftless', ['sync', '--server', scene.server.url, '--token', 'x']), /--folder/);
    expectSentence(await run('driftless', ['sing']), /sing/);
  });

  it('says that a second engine may not use the same state', async () => {
    const device = scene.device('running');
    await device.start();
    const second = await run('driftless', [
      ...['sync', '--folder', device.folder, '--state', device.state],
      ...['--server', scene.server.url, '--token', scene.account.token, '--once'],
    ]);
    await device.terminate();
    expectSentence(second, /already|running|use/i);
  });

  it('says that the state belongs to another account', async () => {
    const bob = await scene.server.addUser('bob');
    const device = scene.device('moved over');
    await device.mustSync();
    const other = new Device({
      folder: device.folder,
      state: device.state,
      server: scene.server.url,
      token: bob.token,
    });
    writeFileSync(other.path('mine.txt'), 'mine');
    const ended = await other.once();
    expect(ended.code).not.toBeNull();
    expect(readFileSync(other.path('mine.txt'), 'utf8')).toBe('mine');
    const bobs = scene.device('of bob', bob);
    await bobs.mustSync();
    expect([...bobs.tree().keys()]).toEqual([]);
  });

  it('has lost nothing by all that', () => {
    expect(readFileSync(join(folder, 'file.txt'), 'utf8')).toBe('still here');
  });
});

describe('a server that cannot begin', () => {
  it('says that the port is in use', async () => {
    await using scene = await Scene.open();
    const ended = await run('driftless-server', [
      ...['--data', join(scene.directory, 'other data'), '--port', String(scene.server.port)],
    ]);
    expectSentence(ended, new RegExp(`${scene.server.port}`));
  });

  it('says that the data folder cannot be written', async () => {
    await using scene = await Scene.open();
    const file = join(scene.directory, 'in the way');
    writeFileSync(file, '');
    expectSentence(await run('driftless-server', ['--data', file, '--port', '0']), /in the way/);
    expectSentence(await run('driftless-server', ['--data', join(file, 'below'), '--port', '0']), /in the way/);
  });

  it('says that another server uses the data folder', async () => {
    await using scene = await Scene.open();
    expectSentence(await run('driftless-server', ['--data', scene.server.data, '--port', '0']), /already|use|running/i);
  });

  it('says that a port is none', async () => {
    expectSentence(await run('driftless-server', ['--port', 'many']), /port/i);
  });
});

describe('what the server refuses', () => {
  it('over quota is listed; what still fits goes, and a larger quota lets the rest follow', async () => {
    await using scene = await Scene.open();
    const account = await scene.server.addUser('small', 'free');
    expect(await scene.server.admin('quota', 'set', 'small', '8MB')).toMatchObject({ code: 0 });
    const one = scene.device('one', account);
    writeRandomFile(one.path('large.bin'), 20 * MiB, 'large');
    for (let i = 0; i < 20; i += 1) writeRandomFile(one.path(`small/${i}.bin`), 100_000, `small ${i}`);
    const refused = await one.once();
    expect(refused.code).toBe(2);
    expect(refused.problems).toEqual([expect.objectContaining({ path: 'large.bin', code: 'quota-exceeded' })]);
    expect(refused.summary).toMatchObject({ uploaded: 20, problems: 1 });

    const two = scene.device('two', account);
    await two.mustSync();
    expect([...two.tree().keys()].filter((path) => path.endsWith('.bin'))).toHaveLength(20);

    expect(await scene.server.admin('quota', 'set', 'small', '80MB')).toMatchObject({ code: 0 });
    expect(await one.mustSync()).toMatchObject({ uploaded: 1 });
  });

  it('many small files over quota are listed one by one, and none is lost', async () => {
    await using scene = await Scene.open();
    const account = await scene.server.addUser('tiny', 'free');
    await scene.server.admin('quota', 'set', 'tiny', '1MB');
    const one = scene.device('one', account);
    for (let i = 0; i < 30; i += 1) writeFileSync(one.path(`${i}.bin`), randomBytes(`tiny ${i}`, 100_000));
    const before = one.tree();
    const refused = await one.once();
    expect(refused.code).toBe(2);
    expect(refused.summary).toMatchObject({ uploaded: 10, problems: 20 });
    expect(refused.problems).toHaveLength(20);
    expect(one.tree()).toEqual(before);
  });

  it('a file over the size limit is listed and holds up nothing else', async () => {
    await using scene = await Scene.open();
    const one = scene.device('one');
    writeFileSync(one.path('huge.img'), '');
    truncateSync(one.path('huge.img'), 2 * GiB + 1);
    writeFileSync(one.path('small.txt'), 'small');
    const pass = await one.once();
    expect(pass.code).toBe(2);
    expect(pass.problems).toEqual([expect.objectContaining({ path: 'huge.img', code: 'too-large' })]);
    expect(pass.summary).toMatchObject({ uploaded: 1, problems: 1 });
    expect(scene.relay.up).toBeLessThan(MiB);
  });
});

async function freePort(): Promise<number> {
  const server = createTcpServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
