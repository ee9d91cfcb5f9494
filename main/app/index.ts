import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { app, BrowserWindow, ipcMain, Menu, nativeTheme, protocol, session } from 'electron';
import { ASK_CHANNEL, type Outcome, SNAPSHOT_CHANNEL, type Snapshot } from '../../shared/desktop/contract.ts';
import { Fault } from '../headless/fault.ts';
import { prepareHome } from '../headless/home.ts';
import { placesFrom, shortPath } from '../headless/places.ts';
import { engineOptions } from '../headless/syncOptions.ts';
import { denyNavigation, denyPermissions } from './denials.ts';
import { type EngineHost, hostEngine } from './engineHost.ts';
import { type Doors, gate } from './gate.ts';
import { registerScheme, serveUi, UI_ORIGIN } from './scheme.ts';
import { hostServer, serverCommands } from './serverHost.ts';
import { windowOptions } from './windowOptions.ts';

/** The desktop app: starts server and engine as processes of their own, and shows how they do. It holds no state. */
const here = import.meta.dirname;
const places = placesFrom();
const { DRIFTLESS_FOLDER, DRIFTLESS_SERVER, DRIFTLESS_TOKEN } = process.env;

const STOP_MS = 15_000;

let window: BrowserWindow | null = null;
let engine: EngineHost | null = null;
let stopServer: () => Promise<void> = async () => {};
let troubles: { readonly engine: string | null; readonly server: string | null } = { engine: null, server: null };
let snapshot: Snapshot = { folder: '', view: null, problems: [], trouble: null };

function show(change: Partial<Snapshot>): void {
  snapshot = { ...snapshot, ...change };
  window?.webContents.send(SNAPSHOT_CHANNEL, snapshot);
}

/** The engine's trouble is told first: without an engine, the server's matters less. */
function trouble(change: Partial<typeof troubles>): void {
  troubles = { ...troubles, ...change };
  show({ trouble: troubles.engine ?? troubles.server });
}

function openWindow(): void {
  if (window !== null) {
    if (window.isMinimized()) window.restore();
    window.show();
    window.focus();
    return;
  }
  const preload = join(here, '..', 'preload', 'index.cjs');
  const opened = new BrowserWindow(windowOptions({ preload, dark: nativeTheme.shouldUseDarkColors }));
  window = opened;
  opened.once('ready-to-show', () => opened.show());
  opened.once('closed', () => {
    window = null;
  });
  void opened.loadURL(`${UI_ORIGIN}/`);
}

function listen(): void {
  const doors: Doors = {
    ourContents: () => window?.webContents.id ?? null,
    snapshot: () => snapshot,
    command: (command) => engine?.command(command) ?? Promise.resolve(stillStarting),
  };
  ipcMain.handle(ASK_CHANNEL, ({ senderFrame, sender }, asked: unknown) => {
    const frame = senderFrame === null ? null : { url: senderFrame.url, isMain: senderFrame === sender.mainFrame };
    return gate(doors, { contentsId: sender.id, frame }, asked);
  });
}

const stillStarting: Outcome = { ok: false, code: 'not-running', message: 'Driftless is still starting: try again.' };

async function startSync(): Promise<void> {
  try {
    const folder = DRIFTLESS_FOLDER === undefined ? places.folder : resolve(DRIFTLESS_FOLDER);
    if (folder === places.folder) mkdirSync(folder, { recursive: true });
    show({ folder: shortPath(folder) });
    const server =
      DRIFTLESS_SERVER === undefined ? await ownServer() : { server: DRIFTLESS_SERVER, token: DRIFTLESS_TOKEN };
    const { token, ...address } = server;
    const options = engineOptions({ folder, ...address, ...(token === undefined ? {} : { token }) }, places);
    engine = hostEngine({
      bundle: join(here, 'engineProcess.js'),
      options,
      onSnapshot: (told) => show(told),
      onTrouble: (engine) => trouble({ engine }),
    });
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    trouble({ engine: error.message });
  }
}

async function ownServer(): Promise<{ server: string; token: string | undefined }> {
  const bundle = join(here, 'driftless-server.js');
  const { port, token } = await prepareHome(places, serverCommands(bundle));
  stopServer = hostServer({
    bundle,
    mediaBundle: join(here, 'mediaWorker.js'),
    dataDir: places.serverData,
    port,
    onTrouble: (server) => trouble({ server }),
  });
  return { server: `http://127.0.0.1:${port}`, token };
}

/** The engine first: it may still have something to tell the server. One that hangs does not keep the app open. */
async function stopAll(): Promise<void> {
  const stopped = (async () => {
    await engine?.stop();
    await stopServer();
  })();
  await Promise.race([stopped, new Promise((late) => setTimeout(late, STOP_MS))]);
}

function run(): void {
  registerScheme(protocol);
  app.enableSandbox();
  app.on('second-instance', openWindow);
  app.on('activate', openWindow);
  app.on('window-all-closed', () => app.quit());
  app.on('web-contents-created', (_event, contents) => denyNavigation(contents));
  let leaving = false;
  app.on('before-quit', (event) => {
    if (leaving) return;
    leaving = true;
    event.preventDefault();
    void stopAll().finally(() => app.exit(0));
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => app.quit());
  void app.whenReady().then(() => {
    denyPermissions(session.defaultSession);
    serveUi(protocol, join(here, '..', 'renderer'));
    if (process.platform !== 'darwin') Menu.setApplicationMenu(null);
    listen();
    openWindow();
    return startSync();
  });
}

if (app.requestSingleInstanceLock()) run();
else app.quit();
