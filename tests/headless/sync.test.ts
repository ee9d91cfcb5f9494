import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { EngineOptions } from '../../main/engine/api.ts';
import { jsonReport } from '../../main/headless/jsonReport.ts';
import { plainReport } from '../../main/headless/plainReport.ts';
import { sync } from '../../main/headless/sync.ts';
import { type Finished, good, jsonLines, run, scene, start } from './driftless.ts';
import { type EngineScript, engineDouble } from './engineDouble.ts';

const problem = { path: 'a.psd', code: 'quota-exceeded', message: 'No room: free some.', retryAt: null };
const held = [{ direction: 'remote' as const, paths: ['old/1.jpg', 'old/2.jpg'] }];

const options = (watch: boolean): EngineOptions => {
  const { folder, state } = scene();
  return {
    folder,
    stateDir: state,
    serverUrl: 'http://127.0.0.1:3007',
    token: 't',
    deviceName: 'test',
    allowDeletes: false,
    limitUp: null,
    limitDown: null,
    watch,
  };
};

describe('exit codes of --once', () => {
  const once = async (script: EngineScript, ...more: string[]): Promise<Finished> => {
    const here = scene();
    return run([...good(here), '--once', ...more], here.env, script);
  };

  test('0 when both sides agree', async () => {
    const { code, stdout } = await once({
      settles: { status: { state: 'idle' }, summary: { uploaded: 2, bytesSent: 2048 } },
    });
    expect(code).toBe(0);
    expect(stdout).toContain('In sync: 2 uploaded · 2.0 KB in 0.0 s.');
  });
  test('2 when they agree except for listed problems', async () => {
    const { code, stdout } = await once({ settles: { status: { state: 'idle' }, problems: [problem] } });
    expect(code).toBe(2);
    expect(stdout).toContain('a.psd: No room: free some.\n');
    expect(stdout).toContain('In sync except for 1 file listed above.');
  });
  test('3 when deletes wait for a yes', async () => {
    const { code, stdout } = await once({ settles: { status: { state: 'waiting' }, held } });
    expect(code).toBe(3);
    expect(stdout).toContain('2 deletes wait for your yes, on the server:\n  old/1.jpg\n  old/2.jpg\n');
    expect(stdout).toContain('driftless approve');
  });
  test('1 when the engine halts, with its reason', async () => {
    const message = 'The folder is empty: mount the disk, then start again.';
    const { code, stderr } = await once({ settles: { status: { state: 'halted', message } } });
    expect({ code, stderr }).toEqual({ code: 1, stderr: `${message}\n` });
  });
  test('1 when it is stopped before both sides agree', async () => {
    const here = scene();
    const started = start([...good(here), '--once', '--json'], here.env, { starts: { status: { state: 'syncing' } } });
    await started.printed('"syncing"');
    started.child.kill('SIGTERM');
    const { code, stderr } = await started.finished;
    expect({ code, stderr }).toEqual({ code: 1, stderr: 'Stopped before both sides agreed: run it again to go on.\n' });
  });
});

describe('--once and a server out of reach', () => {
  const never = new Promise<void>(() => {});

  test('gives up with code 1 after having been offline all the while', async () => {
    const complaints: string[] = [];
    const engine = engineDouble({ starts: { status: { state: 'offline', message: 'No answer: check the server.' } } });
    const code = await sync({
      options: options(false),
      createEngine: () => engine,
      report: jsonReport({ write: () => true }),
      stop: never,
      complain: (text) => complaints.push(text),
      offlineMs: 20,
    });
    expect({ code, complaints }).toEqual({ code: 1, complaints: ['No answer: check the server.'] });
    expect(engine.calls.at(-1)).toBe('stop');
  });
  test('counts what the start has waited for the server', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    onTestFinished(() => void vi.useRealTimers());
    const engine = engineDouble({ starts: { status: { state: 'offline', message: 'No answer.' } } });
    const complaints: string[] = [];
    const running = sync({
      options: options(false),
      createEngine: () => ({
        ...engine,
        start: async () => {
          await engine.start();
          vi.advanceTimersByTime(9_000);
        },
      }),
      report: jsonReport({ write: () => true }),
      stop: never,
      complain: (text) => complaints.push(text),
      offlineMs: 10_000,
    });
    await vi.advanceTimersByTimeAsync(1_100);
    expect(complaints).toEqual(['No answer.']);
    expect(await running).toBe(1);
  });
  test('counts the time anew when the server came back in between', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const engine = engineDouble({ starts: { status: { state: 'offline', message: 'No answer.' } } });
    const running = sync({
      options: options(false),
      createEngine: () => engine,
      report: jsonReport({ write: () => true }),
      stop: never,
      complain: () => {},
    });
    await vi.waitFor(() => expect(engine.calls).toContain('syncNow'));
    vi.advanceTimersByTime(9_000);
    engine.become({ status: { state: 'syncing', message: null } });
    engine.become({ status: { state: 'offline' } });
    vi.advanceTimersByTime(9_000);
    engine.become({ status: { state: 'idle' } });
    expect(await running).toBe(0);
  });
});

describe('--json', () => {
  test('prints status lines when they change, each problem once, and a summary at the end', async () => {
    const lines: string[] = [];
    const engine = engineDouble({ starts: { status: { state: 'scanning' } } });
    const stop = Promise.withResolvers<void>();
    const running = sync({
      options: options(true),
      createEngine: () => engine,
      report: jsonReport({ write: (text) => lines.push(text) }),
      stop: stop.promise,
      complain: () => {},
    });
    await expect.poll(() => lines.length).toBeGreaterThan(0);
    engine.become({ status: { state: 'syncing', pending: 3, bytesTotal: 100 } });
    engine.become({ status: { state: 'syncing', pending: 3, bytesTotal: 100, generation: 7 } });
    engine.become({ problems: [problem] });
    engine.become({ status: { pending: 1, bytesDone: 60 }, problems: [{ ...problem, retryAt: 5 }] });
    engine.become({ status: { state: 'idle', pending: 0, bytesDone: 100 }, summary: { uploaded: 2, bytesSent: 100 } });
    stop.resolve();
    expect(await running).toBe(0);
    expect(jsonLines(lines.join(''))).toEqual([
      { type: 'status', state: 'scanning', pending: 0, bytesDone: 0, bytesTotal: 0 },
      { type: 'status', state: 'syncing', pending: 3, bytesDone: 0, bytesTotal: 100 },
      { type: 'problem', ...problem },
      { type: 'status', state: 'syncing', pending: 1, bytesDone: 60, bytesTotal: 100 },
      { type: 'status', state: 'idle', pending: 0, bytesDone: 100, bytesTotal: 100 },
      {
        type: 'summary',
        uploaded: 2,
        downloaded: 0,
        moved: 0,
        deleted: 0,
        conflicts: 0,
        problems: 1,
        bytesSent: 100,
        bytesReceived: 0,
        seconds: 0,
      },
    ]);
  });
  test('tells a problem again when it was solved and came back', async () => {
    const lines: string[] = [];
    const engine = engineDouble({ starts: { status: { state: 'idle' } } });
    const stop = Promise.withResolvers<void>();
    const running = sync({
      options: options(true),
      createEngine: () => engine,
      report: jsonReport({ write: (text) => lines.push(text) }),
      stop: stop.promise,
      complain: () => {},
    });
    await expect.poll(() => engine.calls).toContain('start');
    engine.become({ problems: [problem] });
    engine.become({ problems: [] });
    engine.become({ problems: [problem] });
    stop.resolve();
    await running;
    expect(jsonLines(lines.join('')).filter(({ type }) => type === 'problem')).toHaveLength(2);
  });
});

describe('without --once', () => {
  test.each(['SIGINT', 'SIGTERM'] as const)('%s stops the engine cleanly with exit code 0', async (signal) => {
    const here = scene();
    const started = start(good(here), here.env, { starts: { status: { state: 'idle' } } });
    await started.printed('All synced');
    started.child.kill(signal);
    expect(await started.finished).toMatchObject({ code: 0, stderr: '' });
  });
  test('a second signal ends it at once, however long the engine takes to stop', async () => {
    const here = scene();
    const started = start(good(here), { ...here.env, NEVER_STOPS: '1' }, { starts: { status: { state: 'idle' } } });
    await started.printed('All synced');
    started.child.kill('SIGINT');
    await started.printed('Finishing what is under way; Ctrl-C again stops at once.');
    started.child.kill('SIGINT');
    expect((await started.finished).code).toBe(130);
  });
  test('the end of whoever reads its output ends it', async () => {
    const here = scene();
    const started = start(good(here), here.env, { starts: { status: { state: 'idle' } }, flickers: true });
    await started.printed('All synced');
    started.child.stdout?.destroy();
    expect((await started.finished).code).toBe(0);
  });
  test('a halted engine stays, and says why', async () => {
    const here = scene();
    const message = 'The folder is gone: bring it back.';
    const started = start(good(here), here.env, { starts: { status: { state: 'halted', message } } });
    await started.printed(`Stopped: needs you (${message})`);
    started.child.kill('SIGTERM');
    expect((await started.finished).code).toBe(0);
  });
  test('what is not a terminal gets plain lines, without colour or a bar', async () => {
    const here = scene();
    const started = start(good(here), here.env, {
      starts: { status: { state: 'syncing', pending: 2, bytesTotal: 10 } },
    });
    await started.printed('Syncing 2 changes');
    started.child.kill('SIGTERM');
    const { stdout } = await started.finished;
    expect(stdout).not.toContain('\u001b');
    expect(stdout.split('\n')).toContain('Syncing 2 changes');
  });
});

test('an engine that cannot start is stopped again, and nothing is said about sync', async () => {
  const lines: string[] = [];
  const engine = engineDouble({ refuses: { code: 'folder-other-marker', message: 'Another folder: restore it.' } });
  const complaints: string[] = [];
  const code = await sync({
    options: options(true),
    createEngine: () => engine,
    report: plainReport({ write: (text) => lines.push(text) }),
    stop: new Promise(() => {}),
    complain: (text) => complaints.push(text),
  });
  expect({ code, lines, complaints, calls: engine.calls }).toEqual({
    code: 1,
    lines: [],
    complaints: ['Another folder: restore it.'],
    calls: ['start', 'stop'],
  });
});
