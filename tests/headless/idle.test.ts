import { createHook } from 'node:async_hooks';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { openBridge } from '../../main/headless/bridge/bridge.ts';
import { Thumbnails } from '../../main/library/thumbnails.ts';
import { realDesk } from '../desk/realDesk.ts';

/** What wakes a program at rest more often costs a battery. */
const SELDOM_MS = 30_000;
const LOOKS = 20;
const BETWEEN_MS = 50;

/** The server of this test is in the same process, and a thing of its own. */
const OURS = `${resolve(import.meta.dirname, '../..')}/main/`;

interface Armed {
  readonly ms: number;
  /** The lines of ours that it was armed from; none: by somebody else. */
  readonly by: readonly string[];
}

/** Every timer of this process that is armed, with who armed it: also those of libraries and of Node itself. */
function watchTimers(): ReadonlyMap<number, Armed> {
  const armed = new Map<number, Armed>();
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 40;
  const hook = createHook({
    init: (id, type, _, resource) => {
      const ms = (resource as { _idleTimeout?: number })._idleTimeout;
      if (type === 'Timeout' && ms !== undefined) armed.set(id, { ms, by: linesOfOurs(new Error().stack) });
    },
    destroy: (id) => void armed.delete(id),
  }).enable();
  onTestFinished(() => {
    hook.disable();
    Error.stackTraceLimit = limit;
  });
  return armed;
}

const linesOfOurs = (stack = ''): readonly string[] => stack.split('\n').filter((line) => line.includes(OURS));

test('engine, desk and bridge at rest have no timer under half a minute, also while a window looks on', async () => {
  const timers = watchTimers();
  const scene = await realDesk();
  const home = mkdtempSync(join(tmpdir(), 'idle-'));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  mkdirSync(join(home, 'page'));
  const bridge = await openBridge({ port: 0, files: { renderer: join(home, 'page'), script: join(home, 'script') } });
  onTestFinished(() => bridge.close());
  const { insight } = scene.session.engine;
  const thumbnails = new Thumbnails({ folder: join(home, 'thumbnails'), insight, nodeWith: () => null });
  bridge.show({ desk: scene.desk, insight, thumbnails });
  await followed(bridge.address());
  writeFileSync(join(scene.folder, 'a.txt'), 'hello');
  await scene.settled();

  const ours = (): readonly Armed[] => [...timers.values()].filter(({ by }) => by.length > 0);
  // What follows a change is over after seconds; what comes again and again is seen in a second of looking, or armed all along.
  const frequent = async (): Promise<readonly Armed[]> => {
    const seen = new Set<Armed>();
    for (let look = 0; look < LOOKS; look += 1) {
      for (const one of ours()) if (one.ms < SELDOM_MS) seen.add(one);
      await new Promise((next) => setTimeout(next, BETWEEN_MS));
    }
    return [...seen];
  };
  expect(ours().some(({ ms }) => ms >= SELDOM_MS)).toBe(true);
  await expect.poll(frequent, { timeout: 20_000 }).toEqual([]);
});

/** Follows like a window in a browser does. */
async function followed(address: string): Promise<void> {
  const { origin } = new URL(address);
  const { headers } = await fetch(address, { redirect: 'manual' });
  const cookie = headers.get('set-cookie')?.split(';')[0] ?? '';
  const socket = new WebSocket(`${origin.replace('http', 'ws')}/socket`, { headers: { cookie, origin } });
  onTestFinished(() => socket.terminate());
  await new Promise((heard) => socket.once('message', heard));
}
