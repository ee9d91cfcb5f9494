import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { findDesktopRuntime } from '../../main/headless/desktopRuntime.ts';
import { freePort, prepareHome, type Ran } from '../../main/headless/home.ts';
import { type Kept, keepRunning } from '../../main/headless/keepRunning.ts';
import { placesFrom } from '../../main/headless/places.ts';
import { scene } from './driftless.ts';

const added: Ran = { code: 0, stdout: '{"id":"u","name":"ada","token":"t0k"}\n', stderr: '' };

async function occupied(): Promise<number> {
  const server = createServer();
  await new Promise<void>((up) => server.listen(0, '127.0.0.1', up));
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

describe('the server on this computer', () => {
  test('gets its user once, and the token is for its owner only', async () => {
    const places = placesFrom({}, scene().home);
    const runServer = vi.fn(async () => added);
    const first = await prepareHome(places, runServer);
    const second = await prepareHome(places, runServer);
    expect(first.token).toBe('t0k');
    expect(second.token).toBe('t0k');
    expect(runServer.mock.calls).toEqual([
      [['users', 'add', expect.any(String), '--data', places.serverData, '--json']],
    ]);
    expect(statSync(places.home).mode & 0o777).toBe(0o600);
    expect(statSync(dirname(places.home)).mode & 0o777).toBe(0o700);
  });
  test('keeps its port, or moves on when somebody else took it', async () => {
    const places = placesFrom({}, scene().home);
    const taken = await occupied();
    mkdirSync(dirname(places.home), { recursive: true });
    writeFileSync(places.home, JSON.stringify({ port: taken, token: 't0k' }));
    const { port } = await prepareHome(places, async () => added);
    expect(port).toBeGreaterThan(taken);
    expect(JSON.parse(readFileSync(places.home, 'utf8')).port).toBe(port);
    expect((await prepareHome(places, async () => added)).port).toBe(port);
  });
  test('a port in use is not a free one', async () => {
    const taken = await occupied();
    expect(await freePort(taken)).not.toBe(taken);
  });
  test('says why the user could not be made', async () => {
    const places = placesFrom({}, scene().home);
    const refused: Ran = { code: 1, stdout: '', stderr: 'The disk is full: make room.\n' };
    await expect(prepareHome(places, async () => refused)).rejects.toThrow(
      `Your account could not be made on the server in ${places.serverData}: The disk is full: make room.`,
    );
  });
  test('whose record was lost gives another token of the same account', async () => {
    const places = placesFrom({}, scene().home);
    const runServer = vi.fn(
      async ([, command]: readonly string[]): Promise<Ran> =>
        command === 'token' ? added : { code: 1, stdout: '', stderr: 'There already is a user "ada".\n' },
    );
    expect((await prepareHome(places, runServer)).token).toBe('t0k');
    expect(runServer.mock.calls.map(([[, command]]) => command)).toEqual(['add', 'token']);
    expect(JSON.parse(readFileSync(places.home, 'utf8')).token).toBe('t0k');
  });
  test('a damaged record is not overwritten', async () => {
    const places = placesFrom({}, scene().home);
    mkdirSync(dirname(places.home), { recursive: true });
    writeFileSync(places.home, '{"port":');
    await expect(prepareHome(places, async () => added)).rejects.toThrow('remove it');
    expect(readFileSync(places.home, 'utf8')).toBe('{"port":');
  });
});

describe('what ought to stay', () => {
  function launches() {
    const ends: ((why: string) => void)[] = [];
    const stops: number[] = [];
    const launch = (): Kept => {
      const { promise, resolve } = Promise.withResolvers<string>();
      const index = ends.push(resolve) - 1;
      const stop = (): void => {
        stops.push(index);
        resolve('stopped');
      };
      return { ended: promise, stop };
    };
    return { ends, stops, launch };
  }

  test('is started again when it ends, waiting longer each time, and that is said', async () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const { ends, launch } = launches();
    const notes: string[] = [];
    keepRunning({ name: 'The server', launch, note: (text) => notes.push(text) });
    for (const wait of [1, 2, 4, 8, 16, 30, 30]) {
      const before = ends.length;
      ends.at(-1)?.('exit code 1');
      await vi.advanceTimersByTimeAsync(wait * 1000 - 1);
      expect(ends).toHaveLength(before);
      await vi.advanceTimersByTimeAsync(1);
      expect(ends).toHaveLength(before + 1);
    }
    expect(notes[0]).toBe('The server stopped (exit code 1): starting it again in 1 s.');
    expect(notes.at(-1)).toBe('The server stopped (exit code 1): starting it again in 30 s.');
  });
  test('waits briefly again after it has run well for a while', async () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const { ends, launch } = launches();
    const notes: string[] = [];
    keepRunning({ name: 'The server', launch, note: (text) => notes.push(text) });
    ends.at(-1)?.('SIGKILL');
    await vi.advanceTimersByTimeAsync(1000);
    await vi.advanceTimersByTimeAsync(61_000);
    ends.at(-1)?.('SIGKILL');
    await vi.advanceTimersByTimeAsync(0);
    expect(notes).toEqual(Array(2).fill('The server stopped (SIGKILL): starting it again in 1 s.'));
  });
  test('is given up after so many ends in a row, and begins anew when a person wants it', async () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const { ends, launch } = launches();
    const gaveUp: string[] = [];
    let again = (): void => undefined;
    const patience = {
      ends: 3,
      gaveUp(why: string, startAgain: () => void) {
        gaveUp.push(why);
        again = startAgain;
      },
    };
    keepRunning({ name: 'The engine', launch, note: () => {}, patience });
    for (let end = 0; end < 3; end++) {
      ends.at(-1)?.('exit code 9');
      await vi.advanceTimersByTimeAsync(60_000);
    }
    expect([ends.length, gaveUp]).toEqual([3, ['exit code 9']]);
    again();
    await vi.advanceTimersByTimeAsync(0);
    expect(ends).toHaveLength(4);
  });
  test('ends when it is told to, and is not started again', async () => {
    const { ends, stops, launch } = launches();
    const stop = keepRunning({ name: 'The server', launch, note: () => {} });
    await stop();
    expect({ launched: ends.length, stops }).toEqual({ launched: 1, stops: [0] });
  });
  test('can be told to end while it waits to be started again', async () => {
    const { ends, launch } = launches();
    const notes: string[] = [];
    const stop = keepRunning({ name: 'The server', launch, note: (text) => notes.push(text) });
    ends[0]?.('exit code 1');
    await expect.poll(() => notes).toHaveLength(1);
    await stop();
    expect(ends).toHaveLength(1);
  });
});

describe('the desktop runtime', () => {
  const ada = { platform: 'linux', env: { DISPLAY: ':0' }, root: false } as const;
  const checkout = (): string => {
    const { home } = scene();
    const electron = join(home, 'node_modules', 'electron');
    mkdirSync(join(electron, 'dist'), { recursive: true });
    writeFileSync(join(electron, 'dist', 'electron'), '');
    writeFileSync(join(electron, 'path.txt'), 'electron');
    return home;
  };

  test('is found where it is installed and there is a display', () => {
    const at = checkout();
    expect(findDesktopRuntime(at, ada)).toEqual({
      found: true,
      executable: join(at, 'node_modules/electron/dist/electron'),
    });
    expect(findDesktopRuntime(at, { ...ada, platform: 'darwin', env: {} }).found).toBe(true);
  });
  test.each([
    ['there is no display here', { ...ada, env: {} }],
    ['the window does not open for root', { ...ada, root: true }],
  ])('%s', (why, computer) => {
    expect(findDesktopRuntime(checkout(), computer)).toEqual({ found: false, why });
  });
  test('is said to be missing where it was never fetched', () => {
    const runtime = findDesktopRuntime(scene().home, ada);
    expect(runtime).toEqual({ found: false, why: expect.stringContaining('not installed') });
  });
});
