import '../headless/tuning.ts';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { ParentPort } from 'electron';
import type { AddedPath } from '../../shared/desktop/channels.ts';
import type { Outcome } from '../../shared/desktop/commands.ts';
import type { NodeId } from '../../shared/ids.ts';
import { addFile } from '../desk/adding.ts';
import { type Desk, openDesk } from '../desk/desk.ts';
import { MESSAGES, outcomeOfError, refused } from '../desk/messages.ts';
import { EngineError, type EngineOptions } from '../engine/api.ts';
import { createEngine } from '../engine/engine.ts';
import type { EnginePorts } from '../engine/ports.ts';
import { openState } from '../engine/store/database.ts';
import { sealedWith } from '../engine/store/seal.ts';
import { systemPorts } from '../engine/system.ts';
import { createContentServer } from '../headless/bridge/contentServer.ts';
import { Tickets } from '../headless/bridge/tickets.ts';
import { shortPath } from '../headless/places.ts';
import { realTimes } from '../headless/progress.ts';
import { openSession, type Session } from '../headless/session.ts';
import { linuxConditions } from '../headless/surroundings/linux.ts';
import { PolledSurroundings } from '../headless/surroundings/polled.ts';
import { Thumbnails } from '../library/thumbnails.ts';
import { appHost } from './appHost.ts';
import type { Favour, FromEngine, ToEngine } from './engineMessages.ts';
import { UI_ORIGIN } from './scheme.ts';
import type { DeviceKey } from './secrets.ts';
import { bothOf, ToldSurroundings } from './surroundings.ts';

/** Engine and desk in a process of their own: the app's main process must never wait for a disk. */
const port: ParentPort = process.parentPort;
const tell = (message: FromEngine): void => port.postMessage(message);

let session: Session | null = null;
let desk: Desk | null = null;
/** Electron knows of the plug at once, but nothing of what a connection costs. */
const plug = new ToldSurroundings();
let nextFavour = 1;
const favours = new Map<number, (done: boolean) => void>();

port.on('message', ({ data }) => {
  const message = data as ToEngine;
  switch (message.type) {
    case 'start':
      plug.tell({ onBattery: message.onBattery });
      void start(message);
      return;
    case 'ask':
      void answered(message.id, desk?.ask(message.command, message.input));
      return;
    case 'add':
      void answered(message.id, added(message.file));
      return;
    case 'paths':
      tell({ type: 'outcome', id: message.id, outcome: { ok: true, value: pathsOf(message.ids) } });
      return;
    case 'on-battery':
      plug.tell({ onBattery: message.on });
      return;
    case 'look-now':
      session?.engine.syncNow();
      return;
    case 'favour-done':
      favours.get(message.id)?.(message.done);
      favours.delete(message.id);
      return;
    case 'stop':
      void stop();
      return;
  }
});

async function answered(id: number, answer: Promise<Outcome<unknown>> | undefined): Promise<void> {
  tell({ type: 'outcome', id, outcome: (await answer) ?? refused('not-running', MESSAGES.notRunning) });
}

const favour = (wanted: Favour): Promise<boolean> =>
  new Promise((done) => {
    const id = nextFavour++;
    favours.set(id, done);
    tell({ type: 'favour', id, favour: wanted });
  });

async function start({ options, ownServer, key }: Extract<ToEngine, { type: 'start' }>): Promise<void> {
  const contents = await serveContents(options);
  const create = (options: EngineOptions) => createEngine(options, portsWith(key));
  const opened = openSession(options, create, realTimes, (session) => {
    const host = appHost({ contents, favour, onSettings: (settings) => tell({ type: 'settings', settings }) });
    desk = openDesk({ session, options, host, ownServer, shortPath });
    tell({ type: 'told', message: desk.snapshot() });
    desk.follow((message) => tell({ type: 'told', message }));
  });
  session = opened;
  try {
    await opened.start();
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    tell({ type: 'refused', message: error.message });
  }
}

/** The real world, with what only the app knows of it. */
function portsWith(key: DeviceKey): EnginePorts {
  const asked = new PolledSurroundings(linuxConditions, systemPorts.clock);
  return {
    ...systemPorts,
    surroundings: process.platform === 'linux' ? bothOf(plug, asked) : plug,
    openState: (stateDir) => ({ ...openState(stateDir), ...(key !== null && { seal: sealedWith(key) }) }),
  };
}

/**
 * Bytes reach the page as in a browser, from an origin of their own on loopback: it does ranges, which media need, and the
 * app's main process never touches them. Answers with the prefix of the addresses.
 */
async function serveContents({ stateDir }: EngineOptions): Promise<() => string> {
  const tickets = new Tickets(() => Date.now());
  let thumbnails: Thumbnails | null = null;
  const server = createContentServer({
    insight: () => session?.engine.insight ?? null,
    tickets,
    page: () => UI_ORIGIN,
    thumbnails: () => {
      if (session && desk) {
        const { library } = desk;
        thumbnails ??= new Thumbnails({
          folder: join(stateDir, 'thumbnails'),
          insight: session.engine.insight,
          nodeWith: (contentId) => library.withContent(contentId),
        });
      }
      return thumbnails;
    },
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port: own } = server.address() as AddressInfo;
  return () => `http://127.0.0.1:${own}/${tickets.current}/`;
}

async function added({ source, path, folder }: AddedPath): Promise<Outcome<null>> {
  if (session === null) return refused('not-running', MESSAGES.notRunning);
  try {
    const { mtimeMs } = await stat(source);
    const body = createReadStream(source);
    await addFile(session.engine.insight, { folder, path, mtimeMs: Math.round(mtimeMs), body });
    return { ok: true, value: null };
  } catch (error) {
    return outcomeOfError(error);
  }
}

function pathsOf(ids: readonly NodeId[]): readonly string[] {
  const insight = session?.engine.insight;
  return ids.flatMap((id) => {
    const names = insight?.diskPath(id);
    return insight?.root && names ? [join(insight.root, ...names)] : [];
  });
}

async function stop(): Promise<void> {
  desk?.close();
  await session?.stop();
  process.exit(0);
}
