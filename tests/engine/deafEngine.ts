import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { createEngine } from '../../main/engine/engine.ts';
import type { EnginePorts } from '../../main/engine/ports.ts';
import { systemPorts } from '../../main/engine/system.ts';
import type { WatchFault } from '../../main/engine/watch/watcher.ts';
import { freshUser } from '../server/harness.ts';
import { temporaryFolder } from './hash/temporaryFolder.ts';
import { JumpingClock } from './jumpingClock.ts';
import { SettableSurroundings } from './settableSurroundings.ts';

/** As often as the engine looks whether the computer has slept, in ms. */
export const TICK = 30_000;

/** An engine at rest that hears of nothing, neither from the disk nor from the server, and whose time and surroundings a test owns. */
export async function deafEngine() {
  const { server, user, client } = await freshUser();
  const folder = join(temporaryFolder(), 'folder');
  mkdirSync(join(folder, 'inside'), { recursive: true });
  const clock = new JumpingClock();
  const surroundings = new SettableSurroundings();
  const listed: string[] = [];
  let onFault: (fault: WatchFault) => void = () => undefined;
  const ports: EnginePorts = {
    ...systemPorts,
    clock,
    surroundings,
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
      return { ready: Promise.resolve(), close: () => Promise.resolve() };
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
  return { engine, clock, surroundings, client, folder, listed, fail: (fault: WatchFault) => onFault(fault) };
}

/** A stream of events on which none ever comes. */
const silence = (signal?: AbortSignal): Promise<AsyncIterable<Buffer>> =>
  new Promise((_, reject) => signal?.addEventListener('abort', () => reject(new Error('over'))));

/** Lets time pass as it does while a computer runs, and what follows from it begin. */
export async function pass(clock: JumpingClock, ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += TICK) clock.advance(TICK);
  for (let turns = 0; turns < 5; turns += 1) await new Promise(setImmediate);
}
