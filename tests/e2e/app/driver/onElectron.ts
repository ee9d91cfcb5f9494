import { spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import { type ElectronApplication, _electron as electron, type Page } from 'playwright';
import { type AppDriver, type DriverOptions, iconIn } from './driver.ts';
import { dropOnto } from './drop.ts';
import type { Spied } from './spy.cjs';

const CHECKOUT = resolve(import.meta.dirname, '../../../..');
const SERVICES = { engine: 'Driftless engine', server: 'Driftless server' } as const;

declare global {
  var driftlessSpied: Spied;
}

/** The built app in Electron itself. What only a test needs to see is noted by a script that Electron loads before it. */
export function driveElectron(executablePath: string, { home, tray }: DriverOptions): AppDriver {
  const faults: string[] = [];
  const args = ['-r', join(import.meta.dirname, 'spy.cjs'), CHECKOUT];
  const env: Record<string, string> = {
    ...Object.fromEntries(Object.entries(process.env).flatMap(([name, value]) => (value ? [[name, value]] : []))),
    ...{ NODE_ENV: 'production', HOME: home, USERPROFILE: home },
    DRIFTLESS_FOLDER: join(home, 'Driftless'),
    XDG_CONFIG_HOME: join(home, 'config'),
    XDG_DATA_HOME: join(home, 'data'),
    XDG_STATE_HOME: join(home, 'state'),
  };
  let app: ElectronApplication | null = null;
  let page: Page | null = null;
  const running = (): ElectronApplication => {
    if (app === null) throw new Error('The app does not run');
    return app;
  };
  return {
    home,
    // Which trays there are is the desktop's to say; and a page that crashed is none of playwright's any more.
    lacks: new Set([...(tray ? [] : (['tray'] as const)), 'power', 'crashed page']),
    get page() {
      return page?.isClosed() === false ? page : null;
    },
    get running() {
      return app !== null;
    },
    faults,
    async start(more = []) {
      app = await electron.launch({ executablePath, args: [...args, ...more], env, cwd: home });
      app.on('close', () => {
        app = null;
      });
      app.on('window', (window) => {
        page = window;
        window.on('pageerror', (error) => faults.push(error.message));
      });
    },
    startBeside: (more = []) =>
      new Promise((ended) =>
        spawn(executablePath, [CHECKOUT, ...more], { env, stdio: 'ignore' }).once('exit', () => ended()),
      ),
    window: () =>
      running().evaluate(({ BrowserWindow }) => {
        const [window] = BrowserWindow.getAllWindows();
        if (window === undefined) return null;
        if (window.isMinimized()) return 'minimised';
        return window.isVisible() ? 'shown' : 'hidden';
      }),
    closeWindow: () => running().evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close()),
    crashPage: () =>
      running().evaluate(({ BrowserWindow }) =>
        BrowserWindow.getAllWindows()[0]?.webContents.forcefullyCrashRenderer(),
      ),
    async drop(paths) {
      if (page) await dropOnto(page, paths);
    },
    async tray() {
      const shown = await running().evaluate(() => globalThis.driftlessSpied.tray());
      return shown && { icon: iconIn(shown.image), tooltip: shown.tooltip, lines: shown.lines };
    },
    choose: (label) => running().evaluate((_electron, wanted) => globalThis.driftlessSpied.choose(wanted), label),
    notices: () => running().evaluate(() => globalThis.driftlessSpied.notices),
    opened: () => running().evaluate(() => globalThis.driftlessSpied.opened),
    power: async () => undefined,
    pass: (ms) => running().evaluate((_electron, most) => globalThis.driftlessSpied.pass(most), ms),
    async kill(program) {
      await running().evaluate(({ app: inside }, name) => {
        const found = inside.getAppMetrics().find((one) => one.name === name);
        if (found === undefined) throw new Error(`${name} does not run`);
        process.kill(found.pid, 'SIGKILL');
      }, SERVICES[program]);
    },
    openLink: (address) =>
      running().evaluate(({ app: inside }, url) => void inside.emit('open-url', { preventDefault() {} }, url), address),
    close: async () => app?.close(),
  };
}
