import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { findEngine } from '../../main/headless/controlClient.ts';
import { ControlGeneration, ControlStatus } from '../../main/headless/controlContract.ts';
import { placesFrom } from '../../main/headless/places.ts';
import { scene } from './driftless.ts';

const program = resolve(import.meta.dirname, '../../out/main/start.js');
beforeAll(() => {
  if (!existsSync(program)) throw new Error('These tests run what is built: npm run build first.');
});

interface Home {
  readonly home: string;
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;
  output(): string;
  url(): URL;
}

async function started(home = scene().home, ready = 'Ctrl-C'): Promise<Home> {
  const env = { HOME: home, PATH: process.env.PATH ?? '' };
  const child = spawn(process.execPath, [program], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (text) => (output += text));
  const ended = new Promise<number | null>((done) => child.once('close', done));
  onTestFinished(async () => {
    child.kill('SIGTERM');
    await ended;
  });
  await expect.poll(() => output, { timeout: 30_000 }).toContain(ready);
  const url = (): URL => new URL(/http:\/\/127\.0\.0\.1:\d+/.exec(output)?.[0] ?? 'http://nowhere');
  return { home, child, ended, output: () => output, url };
}

const answers = ({ hostname, port }: URL): Promise<boolean> =>
  new Promise((told) => {
    const socket = connect(Number(port), hostname);
    socket.once('connect', () => {
      socket.destroy();
      told(true);
    });
    socket.once('error', () => told(false));
  });

describe('npm start', () => {
  test('syncs ~/Driftless with a server of its own, and says where everything is', async () => {
    const { home, output } = await started();
    expect(output()).toMatch(/Folder {2}~\/Driftless\n.*Server {2}http:\/\/127\.0\.0\.1:\d+, on this computer\n/);
    expect(output()).toContain('Data    ~/.local/share/driftless/server');
    expect(output()).toMatch(
      /Window {2}http:\/\/127\.0\.0\.1:\d+\/\?secret=\S+\n.*because the Electron runtime is not installed/,
    );
    writeFileSync(join(home, 'Driftless', 'hello.txt'), 'hello');
    const state = join(home, '.local/state/driftless/default');
    await expect.poll(() => existsSync(join(state, 'control.sock'))).toBe(true);
    const engine = await findEngine(state, placesFrom({}, home));
    const { generation } = await engine.post('/sync-now', ControlGeneration);
    const synced = async (): Promise<number> => (await engine.get('/status', ControlStatus)).syncedGeneration;
    await expect.poll(synced, { timeout: 30_000 }).toBeGreaterThanOrEqual(generation);
    await expect.poll(output).toContain('All synced');
  });
  test('goes on with the same account when its record of the server was lost', async () => {
    const first = await started();
    writeFileSync(join(first.home, 'Driftless', 'hello.txt'), 'hello');
    await expect.poll(first.output, { timeout: 30_000 }).toContain('All synced');
    first.child.kill('SIGINT');
    expect(await first.ended).toBe(0);
    const places = placesFrom({}, first.home);
    rmSync(places.home);
    rmSync(places.states, { recursive: true });
    rmSync(join(first.home, 'Driftless'), { recursive: true });
    await started(first.home);
    const file = join(first.home, 'Driftless', 'hello.txt');
    await expect.poll(() => existsSync(file), { timeout: 30_000 }).toBe(true);
  });
  test('SIGINT stops the engine and the server, with exit code 0', async () => {
    const { child, ended, url } = await started();
    expect(await answers(url())).toBe(true);
    child.kill('SIGINT');
    expect(await ended).toBe(0);
    expect(await answers(url())).toBe(false);
  });
  test('leaves no server behind even when it is killed', async () => {
    const { child, ended, url } = await started();
    child.kill('SIGKILL');
    await ended;
    await expect.poll(() => answers(url()), { timeout: 10_000 }).toBe(false);
  });
  test('ends when the shell that ran it is killed', async () => {
    const { home } = scene();
    const log = join(home, 'log');
    const outer = spawn('sh', ['-c', `"${process.execPath}" "${program}" > "${log}" 2>&1; true`], {
      env: { HOME: home, PATH: process.env.PATH ?? '' },
      stdio: 'ignore',
    });
    const output = (): string => readFileSync(log, 'utf8');
    await expect.poll(output, { timeout: 30_000 }).toContain('All synced');
    outer.kill('SIGKILL');
    await expect.poll(output, { timeout: 50_000 }).toContain('In sync: nothing to do.');
  }, 90_000);
  test('starts the server again when it dies, and says so', async () => {
    const { output, url, child } = await started();
    await expect.poll(output, { timeout: 30_000 }).toContain('All synced');
    const server = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').trim().split(' ').map(Number);
    expect(server).toHaveLength(1);
    process.kill(server[0] ?? 0, 'SIGKILL');
    await expect.poll(output, { timeout: 10_000 }).toContain('The server stopped (SIGKILL): starting it again in 1 s.');
    await expect.poll(() => answers(url()), { timeout: 10_000 }).toBe(true);
  });
  test('remembers its port and its user', async () => {
    const first = await started();
    const port = first.url().port;
    first.child.kill('SIGTERM');
    await first.ended;
    const second = await started(first.home);
    expect(second.url().port).toBe(port);
  });
  test('says that it runs already when started twice', async () => {
    const first = await started();
    await expect.poll(first.output, { timeout: 30_000 }).toContain('All synced');
    const second = await started(first.home, 'in sync already');
    expect(await second.ended).toBe(1);
    expect(await answers(first.url())).toBe(true);
  });
});
