import { existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, onTestFinished, test } from 'vitest';
import type { EngineOptions } from '../../main/engine/api.ts';
import { controlAddress, isLive } from '../../main/headless/controlAddress.ts';
import { findEngine } from '../../main/headless/controlClient.ts';
import {
  ControlDeletes,
  ControlGeneration,
  ControlProblems,
  ControlStatus,
} from '../../main/headless/controlContract.ts';
import { placesFrom } from '../../main/headless/places.ts';
import { openSession, type Session } from '../../main/headless/session.ts';
import { good, jsonLines, run, type Scene, scene, start } from './driftless.ts';
import { type EngineDouble, type EngineScript, engineDouble } from './engineDouble.ts';

const problem = { path: 'a.psd', code: 'quota-exceeded', message: 'No room: free some.', retryAt: null };

interface Running extends Scene {
  readonly engine: EngineDouble;
  readonly session: Session;
}

async function running(
  script: EngineScript = { starts: { status: { state: 'idle' } } },
  state?: string,
): Promise<Running> {
  const here = scene();
  const engine = engineDouble(script);
  const stateDir = state ?? here.state;
  const session = openSession({ folder: here.folder, stateDir } as EngineOptions, () => engine);
  await session.start();
  onTestFinished(() => session.stop());
  return { ...here, state: stateDir, engine, session };
}

const client = ({ state, home }: Scene) => findEngine(state, placesFrom({}, home));

describe('the control socket', () => {
  test('is for its owner only, and so is the state folder', async () => {
    const { state } = await running();
    expect(statSync(join(state, 'control.sock')).mode & 0o777).toBe(0o600);
    expect(statSync(state).mode & 0o777).toBe(0o700);
  });
  test('answers how things stand', async () => {
    const here = await running();
    here.engine.become({
      status: { state: 'syncing', pending: 4, bytesDone: 10, bytesTotal: 40 },
      problems: [problem],
    });
    expect(await (await client(here)).get('/status', ControlStatus)).toMatchObject({
      state: 'syncing',
      pending: 4,
      generation: 0,
      syncedGeneration: 0,
      bytesDone: 10,
      bytesTotal: 40,
      problems: 1,
      folder: here.folder,
    });
  });
  test('sync-now answers with a generation that status then reports as synced', async () => {
    const here = await running({ starts: { status: { state: 'idle' } }, settles: { status: { state: 'idle' } } });
    const engine = await client(here);
    const { generation } = await engine.post('/sync-now', ControlGeneration);
    expect(generation).toBe(1);
    await expect.poll(async () => (await engine.get('/status', ControlStatus)).syncedGeneration).toBe(1);
  });
  test('pauses for a time and tells until when, and resumes', async () => {
    const here = await running();
    const engine = await client(here);
    const before = Date.now();
    const paused = await engine.post('/pause', ControlStatus, { forMs: 3_600_000 });
    expect(paused.state).toBe('paused');
    expect(paused.pausedUntil).toBeGreaterThanOrEqual(before + 3_600_000);
    expect(await engine.post('/resume', ControlStatus)).toMatchObject({ state: 'idle', pausedUntil: null });
    expect(here.engine.calls.slice(1)).toEqual(['pause 3600000', 'resume']);
  });
  test('pauses until resumed when no time is given', async () => {
    const here = await running();
    const paused = await (await client(here)).post('/pause', ControlStatus);
    expect(paused).toMatchObject({ state: 'paused', pausedUntil: null });
    expect(here.engine.calls).toContain('pause null');
  });
  test('lists problems and the deletes that wait', async () => {
    const here = await running();
    const held = [{ direction: 'local' as const, paths: ['x', 'y'] }];
    here.engine.become({ status: { state: 'waiting' }, problems: [problem], held });
    expect(await (await client(here)).get('/problems', ControlProblems)).toEqual({ problems: [problem], held });
  });
  test.each(['approve', 'deny'] as const)('%s answers how many deletes it was about', async (verb) => {
    const here = await running();
    here.engine.become({ status: { state: 'waiting' }, held: [{ direction: 'local', paths: ['x', 'y'] }] });
    expect(await (await client(here)).post(`/${verb}`, ControlDeletes)).toEqual({ deletes: 2 });
    expect(here.engine.calls).toContain(verb);
  });
  test('refuses what it does not know, and a body it cannot read', async () => {
    const here = await running();
    const engine = await client(here);
    await expect(engine.get('/secrets', ControlStatus)).rejects.toThrow('is not known');
    await expect(engine.post('/pause', ControlStatus, { forMs: -1 })).rejects.toThrow('could not be read');
    await expect(engine.post('/pause', ControlStatus, 'x'.repeat(5000))).rejects.toThrow('could not be read');
  });
  test('is gone after a clean stop', async () => {
    const here = await running();
    await here.session.stop();
    expect(existsSync(join(here.state, 'control.sock'))).toBe(false);
  });
});

describe('one engine per state folder', () => {
  test('a socket left behind by a killed engine is replaced', async () => {
    const here = scene();
    const first = start(good(here), here.env, { starts: { status: { state: 'idle' } } });
    await first.printed('All synced');
    await expect.poll(() => isLive(controlAddress(here.state))).toBe(true);
    first.child.kill('SIGKILL');
    await first.finished;
    expect(existsSync(join(here.state, 'control.sock'))).toBe(true);
    const next = await running(undefined, here.state);
    expect((await (await client(next)).get('/status', ControlStatus)).state).toBe('idle');
  });
  test('a living engine is not disturbed by a second one', async () => {
    const first = await running();
    const engine = engineDouble();
    const second = openSession({ folder: first.folder, stateDir: first.state } as EngineOptions, () => engine);
    await expect(second.start()).rejects.toMatchObject({
      code: 'state-in-use',
      message: `Another Driftless is running with the state in ${first.state}: stop it, or give this one a folder of its own with --state.`,
    });
    await second.stop();
    expect(engine.calls).not.toContain('start');
    expect(await isLive(controlAddress(first.state))).toBe(true);
  });
  test('the second one ends with exit code 1 and that sentence', async () => {
    const first = await running();
    const { code, stderr } = await run(good(first), first.env);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^Another Driftless is running .+\n$/);
  });
});

describe('a state path too long for a socket', () => {
  const runtime = process.env.XDG_RUNTIME_DIR;
  afterEach(() => {
    if (runtime === undefined) delete process.env.XDG_RUNTIME_DIR;
    else process.env.XDG_RUNTIME_DIR = runtime;
  });

  test('has its socket in the runtime folder, and control.json names it', async () => {
    const here = scene();
    const runtimeDir = join(here.home, 'run');
    mkdirSync(runtimeDir, { mode: 0o700 });
    process.env.XDG_RUNTIME_DIR = runtimeDir;
    const state = join(here.home, 'a-long-name-'.repeat(9));
    const long = await running(undefined, state);
    const { socket } = JSON.parse(readFileSync(join(state, 'control.json'), 'utf8'));
    expect(socket.startsWith(runtimeDir)).toBe(true);
    expect(statSync(socket).mode & 0o777).toBe(0o600);
    expect((await (await client(long)).get('/status', ControlStatus)).state).toBe('idle');
  });
  test('refuses a runtime folder that others can open', async () => {
    const here = scene();
    mkdirSync(join(here.home, 'run', 'driftless'), { recursive: true, mode: 0o755 });
    process.env.XDG_RUNTIME_DIR = join(here.home, 'run');
    await expect(running(undefined, join(here.home, 'a-long-name-'.repeat(9)))).rejects.toMatchObject({
      code: 'state-not-writable',
    });
  });
});

describe('commands', () => {
  test('status says the line of truth and the folder', async () => {
    const here = await running();
    const { code, stdout } = await run(['status', '--state', here.state], here.env);
    expect({ code, stdout }).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^All synced · \d\d:\d\d {2}~\/Pictures\n$/),
    });
  });
  test('status --json is one line', async () => {
    const here = await running();
    const { stdout } = await run(['status', '--json', '--state', here.state], here.env);
    expect(jsonLines(stdout)).toEqual([expect.objectContaining({ state: 'idle', pending: 0, problems: 0 })]);
  });
  test('pause --for passes the time on', async () => {
    const here = await running();
    const { stdout } = await run(['pause', '--for', '1h30m', '--state', here.state], here.env);
    expect(stdout).toMatch(/^Paused until /);
    expect(here.engine.calls).toContain('pause 5400000');
  });
  test('pause --until tomorrow passes the time until then on', async () => {
    const here = await running();
    const { stdout } = await run(['pause', '--until', 'tomorrow', '--state', here.state], here.env);
    expect(stdout).toMatch(/^Paused until /);
    const ms = Number(here.engine.calls.find((call) => call.startsWith('pause '))?.slice('pause '.length));
    expect(ms).toBeGreaterThan(0);
    expect(ms).toBeLessThanOrEqual(25 * 3_600_000);
  });
  test('pause knows one end only, and refuses a moment that is none', async () => {
    const here = await running();
    const refused = async (...flags: readonly string[]) =>
      (await run(['pause', ...flags, '--state', here.state], here.env)).stderr;
    expect(await refused('--for', '1h', '--until', 'tomorrow')).toMatch(/^A pause is either /);
    expect(await refused('--until', 'ever')).toMatch(/^“ever” is not a moment: /);
    expect(here.engine.calls).toEqual(['start']);
  });
  test('pause --for with nonsense is refused', async () => {
    const here = await running();
    const { code, stderr } = await run(['pause', '--for', 'ever', '--state', here.state], here.env);
    expect({ code, stderr }).toEqual({ code: 1, stderr: '“ever” is not a time: write it like 30m, 1h or 1h30m.\n' });
    expect(here.engine.calls).toEqual(['start']);
  });
  test('problems names each, and how to answer for the deletes', async () => {
    const here = await running();
    here.engine.become({
      status: { state: 'waiting' },
      problems: [problem],
      held: [{ direction: 'local', paths: ['x'] }],
    });
    const { stdout } = await run(['problems', '--state', here.state], here.env);
    expect(stdout).toBe(
      [
        'a.psd: No room: free some.',
        '1 delete waits for your yes, on this computer:',
        '  x',
        'Say “driftless approve” to delete them, “driftless deny” to keep them.',
        '',
      ].join('\n'),
    );
  });
  test('approve says what will happen', async () => {
    const here = await running();
    here.engine.become({ status: { state: 'waiting' }, held: [{ direction: 'local', paths: ['x', 'y'] }] });
    expect((await run(['approve', '--state', here.state], here.env)).stdout).toBe('The 2 deletes will happen.\n');
    expect((await run(['approve', '--state', here.state], here.env)).stdout).toBe('Nothing waits for a yes.\n');
  });
  test('without --state they find the only running engine', async () => {
    const here = scene();
    const states = join(here.home, '.local', 'state', 'driftless');
    await running(undefined, join(states, 'one'));
    const { code, stdout } = await run(['status'], here.env);
    expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringMatching(/^All synced/) });
  });
  test('without --state they prefer the engine of ~/Driftless among several, and ask when it is not there', async () => {
    const here = scene();
    const states = join(here.home, '.local', 'state', 'driftless');
    await running(undefined, join(states, 'one'));
    await running(undefined, join(states, 'two'));
    expect(await run(['status'], here.env)).toMatchObject({ code: 1, stderr: expect.stringContaining('--state') });
    await running({ starts: { status: { state: 'offline' } } }, join(states, 'default'));
    expect((await run(['status'], here.env)).stdout).toMatch(/^Offline: will continue/);
  });
  test('where none runs they say how to start one', async () => {
    const here = scene();
    const [any, named] = await Promise.all([
      run(['status'], here.env),
      run(['status', '--state', here.state], here.env),
    ]);
    expect(any).toMatchObject({ code: 1, stderr: expect.stringMatching(/^No Driftless is running here: .+\n$/) });
    expect(named).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^No Driftless is running with the state in .+\n$/),
    });
  });
  test('an answer that is not ours is told as such', async () => {
    const here = scene();
    mkdirSync(here.state);
    const stranger = createServer((socket) => {
      socket.on('error', () => {}).end('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}');
    });
    await new Promise<void>((up) => stranger.listen(join(here.state, 'control.sock'), up));
    onTestFinished(() => void stranger.close());
    expect(await run(['status', '--state', here.state], here.env)).toMatchObject({
      code: 1,
      stderr: 'The running Driftless is of another version: restart it, then try again.\n',
    });
  });
});
