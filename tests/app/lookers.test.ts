import { fork } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { type AppProcess, hostLookers } from '../../main/app/lookers.ts';
import { LIMITS, MediaChild } from '../../server/media/child.ts';
import type { Found } from '../../server/media/found.ts';
import { hostedLookers } from '../../server/media/hosted.ts';
import { until } from '../e2e/harness/wait.ts';

const WORKER = join(import.meta.dirname, '../../server/media/worker/main.ts');

/** The process that looks, as the app would have started it; Node's messages in the place of Electron's. */
function startProcess(): AppProcess {
  const child = fork(WORKER, [], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  return {
    get pid() {
      return child.pid;
    },
    postMessage: (message) => void child.send(message as object, () => undefined),
    on: (event, listener) => child.on(event, listener),
    once: (event, listener) => child.once(event, listener),
  };
}

/** A server's end and the app's end of what is between them. */
function scene(start = startProcess) {
  const server = new EventEmitter();
  const app = new EventEmitter();
  const serverProcess: AppProcess = {
    pid: process.pid,
    postMessage: (data) => queueMicrotask(() => server.emit('message', { data })),
    on: (event, listener) => app.on(event, listener),
    once: (event, listener) => app.once(event, listener),
  };
  hostLookers(serverProcess, start);
  const launch = hostedLookers({
    on: (event, listener) => void server.on(event, listener),
    postMessage: (message) => queueMicrotask(() => app.emit('message', message)),
  });
  const said: string[] = [];
  return { child: new MediaChild(launch, LIMITS, (line) => said.push(line)), app, said };
}

test('a server inside the app has its files looked into by a process that the app starts', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'driftless-lookers-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, 'a'), 'words');
  const { child } = scene();
  const found: (readonly [string, Found])[] = [];
  const job = { objectId: 'one', path: join(folder, 'a'), thumbnails: folder };
  expect(await child.look([job], (some) => void found.push(...some))).toBe('rest');
  expect(found).toMatchObject([['one', { mime: 'text/plain' }]]);
  const { pid } = child;
  await child.end();
  expect(existsSync(`/proc/${pid}`)).toBe(false);
});

test('a process that was not wanted any more before it had started is ended, too', async () => {
  const { child, said } = scene();
  await child.end();
  expect([child.alive, said]).toEqual([false, []]);
});

test('what a server has left running ends when the server does', async () => {
  let started: AppProcess | undefined;
  const { app, said } = scene(() => {
    started = startProcess();
    return started;
  });
  await until('its first word', () => said.includes('ready'));
  const ended = new Promise<void>((resolve) => started?.once('exit', resolve));
  app.emit('exit');
  await ended;
});
