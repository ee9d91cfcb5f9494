import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright';
import { Desktop } from '../../../doubles/electron/desktop/desktop.ts';
import type { ShownWindow } from '../../../doubles/electron/desktop/shownWindow.ts';
import { processTree } from '../../harness/processes.ts';
import { until } from '../../harness/wait.ts';
import { type AppDriver, type DriverOptions, iconIn } from './driver.ts';
import { dropOnto } from './drop.ts';

const PROGRAMS = { engine: 'engineProcess.js', server: 'driftless-server.js' } as const;

/** The built app in the double of Electron, on this browser. */
export function driveDouble(browser: Browser, options: DriverOptions): AppDriver {
  const desktop = new Desktop(browser, options);
  const shown = (): ShownWindow | undefined => [...desktop.windows.values()].at(-1);
  const page = (): Page => {
    const there = shown()?.page;
    if (!there) throw new Error('There is no window');
    return there;
  };
  return {
    home: options.home,
    lacks: new Set(),
    get page() {
      return shown()?.page ?? null;
    },
    get running() {
      return desktop.running;
    },
    get faults() {
      return desktop.faults;
    },
    start: (args) => desktop.start(args),
    startBeside: (args) => desktop.start(args),
    async window() {
      const window = shown();
      if (window === undefined) return null;
      if (window.minimised) return 'minimised';
      return window.visible ? 'shown' : 'hidden';
    },
    async closeWindow() {
      const window = shown();
      if (window) desktop.tell({ type: 'news', id: window.id, news: 'close' });
    },
    crashPage: async () => shown()?.crash(),
    drop: async (paths) => dropOnto(page(), paths),
    async tray() {
      if (desktop.tray === null) return null;
      const { image, tooltip, menu } = desktop.tray;
      const lines = menu.filter(({ type }) => type === 'line').map(({ label }) => label);
      return { icon: iconIn(image), tooltip, lines };
    },
    async choose(label) {
      const index = desktop.tray?.menu.findIndex((line) => line.enabled && line.label.startsWith(label)) ?? -1;
      if (index < 0) throw new Error(`The tray has no “${label}”`);
      desktop.tell({ type: 'menu', index });
    },
    notices: async () => desktop.notices.map(({ body }) => body),
    opened: async () => desktop.opened,
    power: async (onBattery) => desktop.tell({ type: 'power', event: onBattery ? 'on-battery' : 'on-ac', onBattery }),
    pass: async (ms) => desktop.tell({ type: 'pass', ms }),
    async kill(program) {
      const pid = await until(`the ${program} to run`, () => pidOf(desktop.pid ?? 0, PROGRAMS[program]));
      process.kill(pid, 'SIGKILL');
      await until(`the ${program} to end`, () => !processTree(desktop.pid ?? 0).includes(pid));
    },
    openLink: async (url) => desktop.tell({ type: 'open-url', url }),
    close: () => desktop.close(),
  };
}

/** The last one that was started: a command of the server's may be ending beside it. */
function pidOf(app: number, program: string): number | undefined {
  return processTree(app)
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(program);
      } catch {
        return false;
      }
    })
    .at(-1);
}
