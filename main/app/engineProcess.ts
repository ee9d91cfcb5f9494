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
import { MESSAGES, outcomeOfError, Refusal, refused } from '../desk/messages.ts';
import { EngineError } from '../engine/api.ts';
import { createEngine } from '../engine/engine.ts';
import type { EnginePorts } from '../engine/ports.ts';
import { openState } from '../engine/store/database.ts';
import { sealedWith } from '../engine/store/seal.ts';
import { systemPorts } from '../engine/system.ts';
import { createContentServer } from '../headless/bridge/contentServer.ts';
import { Tickets } from '../headless/bridge/tickets.ts';
import { Fault } from '../headless/fault.ts';
import { placesFrom } from '../headless/places.ts';
import type { Session } from '../headless/session.ts';
import { type Shown, Station } from '../headless/station/station.ts';
import { linuxConditions } from '../headless/surroundings/linux.ts';
import { PolledSurroundings } from '../headless/surroundings/polled.ts';
import { Thumbnails } from '../library/thumbnails.ts';
import { appHost } from './appHost.ts';
import type { Favour, FavourAnswer, FromEngine, ToEngine } from './engineMessages.ts';
import { UI_ORIGIN } from './scheme.ts';
import type { DeviceKey } from './secrets.ts';
import { bothOf, ToldSurroundings } from './surroundings.ts';

/** Engine and desk in a process of their own: the app's main process must never wait for a disk. */
const port: ParentPort = process.parentPort;
const tell = (message: FromEngine): void => port.postMessage(message);

let station: Station | null = null;
let shown: Shown | null = null;
/** Electron knows of the plug at once, but nothing of what a connection costs. */
const plug = new ToldSurroundings();
let nextFavour = 1;
const favours = new Map<number, (answer: unknown) => void>();

port.on('message', ({ data }) => {
  const message = data as ToEngine;
  switch (message.type) {
    case 'start':
      plug.tell({ onBattery: message.onBattery });
      void start(message);
      return;
    case 'ask':
      void answered(message.id, station?.front.ask(message.command, message.input));
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
      session()?.engine.syncNow();
      return;
    case 'favour-done':
      favours.get(message.id)?.(message.answer);
      favours.delete(message.id);
      return;
    case 'stop':
      void stop();
      return;
  }
});

const session = (): Session | null => shown?.session ?? null;

async function answered(id: number, answer: Promise<Outcome<unknown>> | undefined): Promise<void> {
  tell({ type: 'outcome', id, outcome: (await answer) ?? refused('not-running', MESSAGES.notRunning) });
}

const favour = <F extends Favour>(wanted: F): Promise<FavourAnswer<F>> =>
  new Promise((done) => {
    const id = nextFavour++;
    favours.set(id, done as (answer: unknown) => void);
    tell({ type: 'favour', id, favour: wanted });
  });

async function start({ given, key }: Extract<ToEngine, { type: 'start' }>): Promise<void> {
  const contents = await serveContents();
  const host = appHost({ contents, favour, onSettings: (settings) => tell({ type: 'settings', settings }) });
  const made = new Station({
    ...{ places: placesFrom(), given, host, clerk, waitsForPerson: true },
    loadEngine: async () => (options) => createEngine(options, portsWith(key)),
    clerkQuietly: (publishableKey) => favour({ do: 'sign-in', publishableKey, quietly: true }),
    ownServer: {
      async start() {
        const server = await favour({ do: 'start-server' });
        if ('fault' in server) throw new Fault(server.fault);
        return server;
      },
      stop: async () => void (await favour({ do: 'stop-server' })),
    },
    opened(now) {
      shown = now;
      tell({ type: 'folder', folder: now.session.folder });
      return () => {
        shown = null;
      };
    },
  });
  station = made;
  tell({ type: 'told', message: made.front.snapshot() });
  made.front.follow((message) => tell({ type: 'told', message }));
  try {
    await made.begin();
  } catch (error) {
    if (!(error instanceof EngineError || error instanceof Fault)) throw error;
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

/** In a window of the app's own; see authWindow.ts. */
async function clerk(publishableKey: string, signal: AbortSignal): Promise<string> {
  const leave = (): void => void favour({ do: 'leave-sign-in' });
  signal.addEventListener('abort', leave);
  const token = await favour({ do: 'sign-in', publishableKey, quietly: false });
  signal.removeEventListener('abort', leave);
  if (token === null) throw new Refusal('refused', MESSAGES.signInLeft);
  return token;
}

/**
 * Bytes reach the page as in a browser, from an origin of their own on loopback: it does ranges, which media need, and the
 * app's main process never touches them. Answers with the prefix of the addresses.
 */
async function serveContents(): Promise<() => string> {
  const tickets = new Tickets(() => Date.now());
  let made: { readonly of: Shown; readonly thumbnails: Thumbnails } | null = null;
  const server = createContentServer({
    insight: () => session()?.engine.insight ?? null,
    tickets,
    page: () => UI_ORIGIN,
    thumbnails: () => {
      if (shown === null || shown.desk === null) return null;
      const { library } = shown.desk;
      if (made?.of !== shown) {
        const { insight } = shown.session.engine;
        const nodeWith = (contentId: string): NodeId | null => library.withContent(contentId);
        const folder = join(shown.options.stateDir, 'thumbnails');
        made = { of: shown, thumbnails: new Thumbnails({ folder, insight, nodeWith }) };
      }
      return made.thumbnails;
    },
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port: own } = server.address() as AddressInfo;
  return () => `http://127.0.0.1:${own}/${tickets.current}/`;
}

async function added({ source, path, folder }: AddedPath): Promise<Outcome<null>> {
  const running = session();
  if (running === null) return refused('not-running', MESSAGES.notRunning);
  try {
    const { mtimeMs } = await stat(source);
    const body = createReadStream(source);
    await addFile(running.engine.insight, { folder, path, mtimeMs: Math.round(mtimeMs), body });
    return { ok: true, value: null };
  } catch (error) {
    return outcomeOfError(error);
  }
}

function pathsOf(ids: readonly NodeId[]): readonly string[] {
  const insight = session()?.engine.insight;
  return ids.flatMap((id) => {
    const names = insight?.diskPath(id);
    return insight?.root && names ? [join(insight.root, ...names)] : [];
  });
}

async function stop(): Promise<void> {
  await station?.close();
  process.exit(0);
}
