import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { Engine } from '../../main/engine/api.ts';
import { createEngine } from '../../main/engine/engine.ts';
import type { EnginePorts } from '../../main/engine/ports.ts';
import { systemPorts } from '../../main/engine/system.ts';
import type { WatchFault } from '../../main/engine/watch/watcher.ts';
import { freshUser, text } from '../server/harness.ts';
import { temporaryFolder } from './hash/temporaryFolder.ts';
import { JumpingClock } from './jumpingClock.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** As often as the engine looks whether the computer has slept. */
const TICK = 15_000;

/** An engine at rest that hears of nothing, neither from the disk nor from the server, and whose time a test owns. */
async function deafEngine() {
  const { server, user, client } = await freshUser();
  const folder = join(temporaryFolder(), 'folder');
  mkdirSync(join(folder, 'inside'), { recursive: true });
  const clock = new JumpingClock();
  const listed: string[] = [];
  let onFault: (fault: WatchFault) => void = () => undefined;
  const ports: EnginePorts = {
    ...systemPorts,
    clock,
    // Right in the middle of what chance may choose.
    random: { ...systemPorts.random, fraction: () => 0.5 },
    fs: {
      ...systemPorts.fs,
      list: (path) => {
        listed.push(path);
        return systemPorts.fs.list(path);
      },
    },
    connectServer: (connection) => ({ ...systemPorts.connectServer(connection), events: silence }),
    watchFolder: (options) => {
      onFault = options.onFault;
      return { ready: new Promise(() => undefined), close: () => Promise.resolve() };
    },
  };
  const engine = createEngine(
    {
      ...{ folder, stateDir: `${folder} state`, serverUrl: server.url, token: user.token, deviceName: 'Studio' },
      ...{ allowDeletes: false, limitUp: null, limitDown: null, watch: true },
    },
    ports,
  );
  onTestFinished(() => engine.stop());
  await engine.open();
  await engine.start();
  await engine.settled(engine.syncNow());
  listed.length = 0;
  return { engine, clock, client, folder, listed, fail: (fault: WatchFault) => onFault(fault) };
}

/** A stream of events on which none ever comes. */
const silence = (signal?: AbortSignal): Promise<AsyncIterable<Buffer>> =>
  new Promise((_, reject) => signal?.addEventListener('abort', () => reject(new Error('over'))));

/** Lets time pass as it does while a computer runs, and what follows from it begin. */
async function pass(clock: JumpingClock, ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += TICK) clock.advance(TICK);
  for (let turns = 0; turns < 5; turns += 1) await new Promise(setImmediate);
}

const uploads = (engine: Engine, count: number) =>
  expect.poll(() => engine.summary().uploaded, { timeout: 10_000 }).toBe(count);

test('everything on the disk is looked at once in an hour, again and again', async () => {
  const { engine, clock, folder, listed } = await deafEngine();
  for (const [hour, name] of ['first.txt', 'second.txt'].entries()) {
    writeFileSync(join(folder, name), name);
    listed.length = 0;
    await pass(clock, HOUR - 2 * MINUTE);
    expect(listed).toEqual([]);
    await pass(clock, 3 * MINUTE);
    await uploads(engine, hour + 1);
  }
});

test('both sides are looked at when the computer has slept', async () => {
  const { engine, clock, client, folder } = await deafEngine();
  writeFileSync(join(folder, 'here.txt'), 'made here');
  await client.put('there.txt', text('made there'));
  clock.jump(8 * HOUR);
  await pass(clock, TICK);
  await uploads(engine, 1);
  await expect.poll(() => engine.summary().downloaded, { timeout: 10_000 }).toBe(1);
});

test('a pause whose time has passed during a sleep is over', async () => {
  const { engine, clock } = await deafEngine();
  engine.pause(HOUR);
  expect(engine.status().state).toBe('paused');
  clock.jump(2 * HOUR);
  await pass(clock, 2 * TICK);
  await expect.poll(() => engine.status().state, { timeout: 10_000 }).toBe('idle');
});

test('a folder that cannot be watched is listed as such, and it alone is looked at every minute', async () => {
  const { engine, clock, folder, listed, fail } = await deafEngine();
  fail({ code: 'watch-limit', folder: 'inside', message: 'Too many folders: raise the limit.' });
  expect(engine.problems()).toMatchObject([{ path: 'inside', code: 'watch-limit' }]);
  writeFileSync(join(folder, 'inside', 'one.txt'), 'one');
  writeFileSync(join(folder, 'elsewhere.txt'), 'elsewhere');
  await pass(clock, MINUTE);
  await uploads(engine, 1);
  expect(new Set(listed)).toEqual(new Set([join(folder, 'inside')]));
});
