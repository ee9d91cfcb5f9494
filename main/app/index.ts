import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import {
  app,
  BrowserWindow,
  type IpcMainEvent,
  type IpcMainInvokeEvent,
  ipcMain,
  Menu,
  nativeTheme,
  protocol,
  session,
} from 'electron';
import { CHANNELS } from '../../shared/desktop/channels.ts';
import type { Outcome } from '../../shared/desktop/commands.ts';
import type { Settings } from '../../shared/desktop/settings.ts';
import type { ShowRequest } from '../../shared/desktop/window.ts';
import type { NodeId } from '../../shared/ids.ts';
import { MESSAGES, refused } from '../desk/messages.ts';
import { Fault } from '../headless/fault.ts';
import { prepareHome } from '../headless/home.ts';
import { placesFrom, shortPath } from '../headless/places.ts';
import { engineOptions } from '../headless/syncOptions.ts';
import { appSlice } from './appHost.ts';
import { denyNavigation, denyPermissions } from './denials.ts';
import { addressIn, shownBy } from './desktop/deepLink.ts';
import { loginEntry, setLoginEntry } from './desktop/loginEntry.ts';
import { type EngineHost, hostEngine } from './engineHost.ts';
import { doFavour } from './favours.ts';
import { gate, type Sender } from './gate.ts';
import { registerScheme, serveUi, UI_ORIGIN } from './scheme.ts';
import { hostServer, serverCommands } from './serverHost.ts';
import { nothingKnown, Standing } from './standing.ts';
import { windowOptions } from './windowOptions.ts';

/** The desktop app: starts server and engine as processes of their own, and shows how they do. It holds no state. */
const here = import.meta.dirname;
const places = placesFrom();
const { DRIFTLESS_FOLDER, DRIFTLESS_SERVER, DRIFTLESS_TOKEN } = process.env;

const STOP_MS = 15_000;

let window: BrowserWindow | null = null;
let engine: EngineHost | null = null;
let stopServer: () => Promise<void> = async () => {};
/** What the next window is to show first; a window that is there is told at once. */
let wanted: ShowRequest | null = null;

const standing = new Standing(nothingKnown(appSlice(null), shortPath(places.folder)), (message) => {
  window?.webContents.send(CHANNELS.told, message);
});

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

/** Shows the window, and in it what was asked for. */
function show(what: ShowRequest | null): void {
  wanted = what;
  openWindow();
  tellWanted();
}

function tellWanted(): void {
  if (wanted === null || window === null || window.webContents.isLoading()) return;
  window.webContents.send(CHANNELS.show, wanted);
  wanted = null;
}

function listen(): void {
  const gated = gate({
    ourContents: () => window?.webContents.id ?? null,
    ask: (command, input) => engine?.ask(command, input) ?? Promise.resolve(stillStarting),
    add: (file) => engine?.add(file) ?? Promise.resolve(stillStarting),
    resync() {
      standing.resync();
      tellWanted();
    },
    drag: (ids) => void dragOut(ids),
  });
  ipcMain.handle(CHANNELS.ask, (event, command: unknown, input: unknown) => gated.ask(senderOf(event), command, input));
  ipcMain.handle(CHANNELS.add, (event, file: unknown) => gated.add(senderOf(event), file));
  ipcMain.on(CHANNELS.resync, (event) => gated.resync(senderOf(event)));
  ipcMain.on(CHANNELS.drag, (event, ids: unknown) => gated.drag(senderOf(event), ids));
}

function senderOf({ sender, senderFrame }: IpcMainInvokeEvent | IpcMainEvent): Sender {
  const frame = senderFrame === null ? null : { url: senderFrame.url, isMain: senderFrame === sender.mainFrame };
  return { contentsId: sender.id, frame };
}

const stillStarting: Outcome<never> = refused('not-running', MESSAGES.notRunning);

async function dragOut(ids: readonly NodeId[]): Promise<void> {
  const [file, ...more] = (await engine?.paths(ids)) ?? [];
  if (file === undefined) return;
  const icon = await app.getFileIcon(file);
  window?.webContents.startDrag({ file, files: [file, ...more], icon });
}

/** What a person chose that is the app's to do. */
function apply({ appearance, startAtLogin }: Settings): void {
  nativeTheme.themeSource = appearance;
  if (process.platform === 'linux') {
    void setLoginEntry(loginEntry(process.env, process.execPath), startAtLogin).catch(() => undefined);
  } else if (app.isPackaged) app.setLoginItemSettings({ openAtLogin: startAtLogin });
}

async function startSync(): Promise<void> {
  try {
    const folder = DRIFTLESS_FOLDER === undefined ? places.folder : resolve(DRIFTLESS_FOLDER);
    if (folder === places.folder) mkdirSync(folder, { recursive: true });
    const server =
      DRIFTLESS_SERVER === undefined ? await ownServer() : { server: DRIFTLESS_SERVER, token: DRIFTLESS_TOKEN };
    const { token, ...address } = server;
    const options = engineOptions({ folder, ...address, ...(token === undefined ? {} : { token }) }, places);
    engine = hostEngine({
      bundle: join(here, 'engineProcess.js'),
      options,
      ownServer: DRIFTLESS_SERVER === undefined,
      onTold: (message) => standing.heard(message),
      onSettings: apply,
      onFavour: doFavour,
      onTrouble: (engine) => standing.trouble({ engine }),
    });
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    standing.trouble({ engine: error.message });
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
    onTrouble: (server) => standing.trouble({ server }),
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
  app.on('second-instance', (_event, argv) => {
    const address = addressIn(argv);
    show(address === undefined ? null : shownBy(address));
  });
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
