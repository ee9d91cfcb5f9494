import { join } from 'node:path';
import {
  app,
  BrowserWindow,
  type IpcMainEvent,
  type IpcMainInvokeEvent,
  ipcMain,
  Menu,
  Notification,
  nativeTheme,
  net,
  powerMonitor,
  protocol,
  session,
  shell,
} from 'electron';
import { CHANNELS } from '../../shared/desktop/channels.ts';
import type { Outcome } from '../../shared/desktop/commands.ts';
import type { Settings } from '../../shared/desktop/settings.ts';
import type { ShowRequest } from '../../shared/desktop/window.ts';
import type { NodeId } from '../../shared/ids.ts';
import { MESSAGES, refused } from '../desk/messages.ts';
import { chosenSetup, nothingKnown } from '../desk/nothingKnown.ts';
import { placesFrom, shortPath } from '../headless/places.ts';
import { folderToSync } from '../headless/station/station.ts';
import { appSlice } from './appHost.ts';
import { asked } from './asked.ts';
import { AuthWindow } from './auth/authWindow.ts';
import { denyNavigation, denyPermissions } from './denials.ts';
import { closing } from './desktop/closing.ts';
import { addressIn, LINK_SCHEME, shownBy } from './desktop/deepLink.ts';
import { loginEntry, setLoginEntry } from './desktop/loginEntry.ts';
import { showLogs } from './favours.ts';
import { gate, type Sender } from './gate.ts';
import { MainWindow } from './mainWindow.ts';
import type { Notice } from './notices/notices.ts';
import { notifier } from './notices/notifier.ts';
import { followPower, type Power } from './power.ts';
import { Programs } from './programs.ts';
import { sayOnce } from './sayOnce.ts';
import { CRASHED_PAGE, registerScheme, serveUi, UI_ORIGIN } from './scheme.ts';
import { KEPT_OPENLY } from './secrets.ts';
import { Standing } from './standing.ts';
import { type TrayAction, trayPicture } from './tray/picture.ts';
import { systemTray } from './tray/systemTray.ts';
import type { DrawnTray } from './tray/tray.ts';
import { hasTray } from './tray/trayHost.ts';
import { windowOptions } from './windowOptions.ts';

/** The desktop app: starts server and engine as processes of their own, and shows how they do. It holds no state. */
const here = import.meta.dirname;
const places = placesFrom();
let tray: DrawnTray | null = null;
let power: Power | null = null;

const window = new MainWindow({
  make: makeWindow,
  onClose: () => closing(tray !== null).onClose,
  closed: () => sayOnce(places.states, 'background', () => say('background', closing(tray !== null).say)),
  tell: (opened, what) => opened.webContents.send(CHANNELS.show, what),
  giveUp: (opened) => void opened.loadURL(CRASHED_PAGE),
  now: Date.now,
  after,
});
const notices = notifier({ show: notify, after, windowInFront: () => window.inFront });

const standing = new Standing(
  nothingKnown(appSlice(null), chosenSetup(shortPath(folderToSync({ folder: process.env.DRIFTLESS_FOLDER }, places)))),
  (message) => {
    window.now?.webContents.send(CHANNELS.told, message);
    tray?.draw(trayPicture(standing.now, Date.now()));
    notices.hear(standing.now);
    power?.hear(standing.now.sync);
  },
);

const auth = new AuthWindow({
  pages: join(here, '..', 'renderer'),
  sessionOf: (partition) => session.fromPartition(partition),
  open: (options) => new BrowserWindow(options),
  guard: denyPermissions,
});

const programs = new Programs({
  auth,
  bundles: here,
  places,
  env: process.env,
  onTold: (message) => standing.heard(message),
  onSettings: apply,
  onTrouble: (change) => standing.trouble(change),
  onKeptOpenly: () => sayOnce(places.states, 'kept-openly', () => say('kept-openly', KEPT_OPENLY)),
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

const say = (cause: Notice['cause'], body: string): void => notify({ cause, body, show: { show: 'library' } });

function act(action: TrayAction): void {
  switch (action.do) {
    case 'open':
      window.show(action.what);
      break;
    case 'openFolder':
      void shell.openPath(programs.folder);
      break;
    case 'pause':
      void programs.engine?.ask('sync.pause', { until: action.until });
      break;
    case 'resume':
      void programs.engine?.ask('sync.resume', {});
      break;
    case 'quit':
      app.quit();
      break;
  }
}

function listen(): void {
  const gated = gate({
    ourContents: () => window.now?.webContents.id ?? null,
    ask: (command, input) =>
      asked(
        {
          engine: programs.engine,
          now: standing.now,
          startAgain: () => programs.startAgain(),
          showLogs,
        },
        command,
        input,
      ),
    add: (file) => programs.engine?.add(file) ?? Promise.resolve(stillStarting),
    resync: () => standing.resync(),
    listens: () => window.listens(),
    drag: (ids) => void dragOut(ids),
  });
  ipcMain.handle(CHANNELS.ask, (event, command: unknown, input: unknown) => gated.ask(senderOf(event), command, input));
  ipcMain.handle(CHANNELS.add, (event, file: unknown) => gated.add(senderOf(event), file));
  ipcMain.on(CHANNELS.resync, (event) => gated.resync(senderOf(event)));
  ipcMain.on(CHANNELS.listens, (event) => gated.listens(senderOf(event)));
  ipcMain.on(CHANNELS.drag, (event, ids: unknown) => gated.drag(senderOf(event), ids));
}

function senderOf({ sender, senderFrame }: IpcMainInvokeEvent | IpcMainEvent): Sender {
  const frame = senderFrame === null ? null : { url: senderFrame.url, isMain: senderFrame === sender.mainFrame };
  return { contentsId: sender.id, frame };
}

const stillStarting: Outcome<never> = refused('not-running', MESSAGES.notRunning);

async function dragOut(ids: readonly NodeId[]): Promise<void> {
  const [file, ...more] = (await programs.engine?.paths(ids)) ?? [];
  if (file === undefined) return;
  const icon = await app.getFileIcon(file);
  window.now?.webContents.startDrag({ file, files: [file, ...more], icon });
}

/** What a person chose that is the app's to do. */
function apply({ appearance, startAtLogin }: Settings): void {
  nativeTheme.themeSource = appearance;
  if (process.platform === 'linux') {
    void setLoginEntry(loginEntry(process.env, process.execPath), startAtLogin).catch(() => undefined);
  } else if (app.isPackaged) app.setLoginItemSettings({ openAtLogin: startAtLogin, args: ['--hidden'] });
}

/** Started at login it stays away until it is asked for, where something can ask for it. */
async function begin(): Promise<void> {
  if (await hasTray(process.platform)) tray = systemTray(trayPicture(standing.now, Date.now()), act);
  power = followPower({
    monitor: powerMonitor,
    isOnline: () => net.isOnline(),
    onBattery: (on) => programs.onBattery(on),
    lookNow: () => programs.engine?.lookNow(),
    after,
  });
  if (tray === null || !process.argv.includes('--hidden')) window.show(askedIn(process.argv));
  await programs.start();
}

/** What a start asks to see. */
function askedIn(argv: readonly string[]): ShowRequest | null {
  const address = addressIn(argv);
  return address === undefined ? null : shownBy(address);
}

function run(): void {
  registerScheme(protocol);
  app.enableSandbox();
  app.on('second-instance', (_event, argv) => window.show(askedIn(argv)));
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
    void programs.stop().finally(() => app.exit(0));
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
