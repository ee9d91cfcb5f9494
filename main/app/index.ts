import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import {
  app,
  BrowserWindow,
  type IpcMainEvent,
  type IpcMainInvokeEvent,
  ipcMain,
  Menu,
  Notification,
  nativeTheme,
  protocol,
  session,
  shell,
} from 'electron';
import { CHANNELS } from '../../shared/desktop/channels.ts';
import type { Outcome } from '../../shared/desktop/commands.ts';
import type { Settings } from '../../shared/desktop/settings.ts';
import type { NodeId } from '../../shared/ids.ts';
import { MESSAGES, refused } from '../desk/messages.ts';
import { Fault } from '../headless/fault.ts';
import { prepareHome } from '../headless/home.ts';
import { placesFrom, shortPath } from '../headless/places.ts';
import { engineOptions } from '../headless/syncOptions.ts';
import { appSlice } from './appHost.ts';
import { denyNavigation, denyPermissions } from './denials.ts';
import { closing } from './desktop/closing.ts';
import { addressIn, LINK_SCHEME, shownBy } from './desktop/deepLink.ts';
import { loginEntry, setLoginEntry } from './desktop/loginEntry.ts';
import { type EngineHost, hostEngine } from './engineHost.ts';
import { doFavour } from './favours.ts';
import { gate, type Sender } from './gate.ts';
import { MainWindow } from './mainWindow.ts';
import type { Notice } from './notices/notices.ts';
import { notifier } from './notices/notifier.ts';
import { registerScheme, serveUi, UI_ORIGIN } from './scheme.ts';
import { hostServer, serverCommands } from './serverHost.ts';
import { nothingKnown, Standing } from './standing.ts';
import { type TrayAction, trayPicture } from './tray/picture.ts';
import { systemTray } from './tray/systemTray.ts';
import type { DrawnTray } from './tray/tray.ts';
import { hasTray } from './tray/trayHost.ts';
import { windowOptions } from './windowOptions.ts';

/** The desktop app: starts server and engine as processes of their own, and shows how they do. It holds no state. */
const here = import.meta.dirname;
const places = placesFrom();
const { DRIFTLESS_FOLDER, DRIFTLESS_SERVER, DRIFTLESS_TOKEN } = process.env;

const folder = DRIFTLESS_FOLDER === undefined ? places.folder : resolve(DRIFTLESS_FOLDER);

const STOP_MS = 15_000;

let engine: EngineHost | null = null;
let stopServer: () => Promise<void> = async () => {};
let tray: DrawnTray | null = null;

const window = new MainWindow({
  make: makeWindow,
  onClose: () => closing(tray !== null).onClose,
  closed: sayOnce,
  tell: (opened, what) => opened.webContents.send(CHANNELS.show, what),
  after,
});
const notices = notifier({ show: notify, after, windowInFront: () => window.inFront });

const standing = new Standing(nothingKnown(appSlice(null), shortPath(places.folder)), (message) => {
  window.now?.webContents.send(CHANNELS.told, message);
  tray?.draw(trayPicture(standing.now, Date.now()));
  notices.hear(standing.now);
});

function makeWindow(): BrowserWindow {
  const preload = join(here, '..', 'preload', 'index.cjs');
  const made = new BrowserWindow(windowOptions({ preload, dark: nativeTheme.shouldUseDarkColors }));
  void made.loadURL(`${UI_ORIGIN}/`);
  return made;
}

function after(ms: number, run: () => void): () => void {
  const timer = setTimeout(run, ms);
  return () => clearTimeout(timer);
}

function notify({ body, show }: Notice): void {
  if (!Notification.isSupported()) return;
  const notification = new Notification({ title: 'Driftless', body });
  notification.on('click', () => window.show(show));
  notification.show();
}

/** That the app goes on without its window surprises a person once. */
function sayOnce(): void {
  const said = join(places.states, 'said-background');
  if (existsSync(said)) return;
  mkdirSync(places.states, { recursive: true });
  writeFileSync(said, '');
  const { say } = closing(tray !== null);
  notify({ cause: 'background', body: say, show: { show: 'library' } });
}

function act(action: TrayAction): void {
  switch (action.do) {
    case 'open':
      window.show(action.what);
      break;
    case 'openFolder':
      void shell.openPath(folder);
      break;
    case 'pause':
      void engine?.ask('sync.pause', { until: action.until });
      break;
    case 'resume':
      void engine?.ask('sync.resume', {});
      break;
    case 'quit':
      app.quit();
      break;
  }
}

function listen(): void {
  const gated = gate({
    ourContents: () => window.now?.webContents.id ?? null,
    ask: (command, input) => engine?.ask(command, input) ?? Promise.resolve(stillStarting),
    add: (file) => engine?.add(file) ?? Promise.resolve(stillStarting),
    resync() {
      standing.resync();
      window.tellWanted();
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
  window.now?.webContents.startDrag({ file, files: [file, ...more], icon });
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

/** Started at login it stays away until it is asked for, where something can ask for it. */
async function begin(): Promise<void> {
  if (await hasTray(process.platform)) tray = systemTray(trayPicture(standing.now, Date.now()), act);
  const address = addressIn(process.argv);
  if (tray === null || !process.argv.includes('--hidden')) window.show(address === undefined ? null : shownBy(address));
  await startSync();
}

function run(): void {
  registerScheme(protocol);
  app.enableSandbox();
  app.on('second-instance', (_event, argv) => {
    const address = addressIn(argv);
    window.show(address === undefined ? null : shownBy(address));
  });
  app.on('open-url', (event, address) => {
    event.preventDefault();
    window.show(shownBy(address));
  });
  app.on('activate', () => window.show());
  // Without a listener the app would end with its window.
  app.on('window-all-closed', () => undefined);
  app.on('web-contents-created', (_event, contents) => denyNavigation(contents));
  let leaving = false;
  app.on('before-quit', (event) => {
    if (leaving) return;
    leaving = true;
    event.preventDefault();
    window.leave();
    notices.stop();
    void stopAll().finally(() => app.exit(0));
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => app.quit());
  void app.whenReady().then(() => {
    denyPermissions(session.defaultSession);
    serveUi(protocol, join(here, '..', 'renderer'));
    if (process.platform !== 'darwin') Menu.setApplicationMenu(null);
    app.setAsDefaultProtocolClient(LINK_SCHEME);
    listen();
    return begin();
  });
}

if (app.requestSingleInstanceLock()) run();
else app.quit();
