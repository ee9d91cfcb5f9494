import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import manifest from '../../package.json' with { type: 'json' };
import { EngineError } from '../engine/api.ts';
import { type BrowserWindow, openBrowserWindow, pageFilesIn, run } from './bridge/browserWindow.ts';
import { clerkInBrowser } from './clerk/signInPage.ts';
import { controlAddress, isLive } from './controlAddress.ts';
import { findDesktopRuntime, hasDisplay } from './desktopRuntime.ts';
import { Fault } from './fault.ts';
import { follow } from './follow.ts';
import { freePort } from './home.ts';
import { parentGone } from './parentGone.ts';
import { type Places, shortPath, stateDirFor } from './places.ts';
import type { Report } from './report.ts';
import { reportFor } from './reportFor.ts';
import type { Session } from './session.ts';
import { stopRequested } from './signals.ts';
import { bundledServer } from './station/bundledServer.ts';
import { folderToSync, type Shown, Station } from './station/station.ts';

/** `npm start`: a folder in sync with a server on this computer from the first moment; the window asks whether that is meant. */
export interface StartFlags {
  readonly folder?: string;
  readonly server?: string;
  readonly token?: string;
  /** The window in the browser, even where the app could run. */
  readonly browser?: boolean;
  /** Of the window in the browser. */
  readonly port?: string;
}

/** Where the window is looked for first. */
const FIRST_WINDOW_PORT = 3117;

/** Answers with the exit code; throws Fault. `bundleDir`: where the programs lie, out/main. */
export async function startHere(flags: StartFlags, places: Places, bundleDir: string): Promise<number> {
  const checkout = resolve(bundleDir, '..', '..');
  const runtime = findDesktopRuntime(checkout);
  if (runtime.found && !flags.browser) return runApp(runtime.executable, flags, checkout);

  if (await isLive(controlAddress(stateDirFor(folderToSync(flags, places), places)))) {
    throw new Fault(
      `Driftless keeps ${shortPath(folderToSync(flags, places))} in sync already: “npm run -s driftless status” says how it goes.`,
    );
  }
  const stop = Promise.race([stopRequested(), parentGone()]);
  // It takes a while to load, and so does the server to start.
  const loading = import('./engineHere.ts').then(({ createEngineHere }) => createEngineHere);
  loading.catch(() => undefined);
  const report = await reportFor(process.stdout, false);
  const note = (sentence: string): void => report.note(sentence);
  const files = pageFilesIn(bundleDir);
  const window = await openBrowserWindow({ port: await windowPort(flags.port), files, display: hasDisplay(), note });
  // Who asked for a browser need not be told why it is one.
  const why = runtime.found || flags.browser ? null : runtime.why;
  let last: Session | null = null;
  const clerk = clerkInBrowser({ pages: files.renderer, tell: (address) => station.signInPage(address) });
  const station: Station = new Station({
    ...{ places, given: flags, loadEngine: () => loading, host: window.host, clerk, waitsForPerson: false },
    ownServer: bundledServer(places, bundleDir, note),
    opened(shown) {
      const leave = window.show(shown);
      if (last === null) welcome({ folder: shown.session.folder, shown, places, address: window.address(), why });
      last = shown.session;
      const following = follow(last, report);
      return () => {
        following.stop();
        leave();
      };
    },
  });
  window.face(station.front);
  try {
    const stopped = stop.then(() => 'stopped' as const);
    const begun = await Promise.race([station.begin(), stopped]);
    if (begun !== 'stopped' && last === null) {
      window.open();
      welcome({ folder: station.folder, shown: null, places, address: window.address(), why });
    }
    await stop;
    return 0;
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    complain(error.message);
    return 1;
  } finally {
    await end(station, window, report);
  }
}

/** Says what was done, once all of it is. */
async function end(station: Station, window: BrowserWindow, report: Report): Promise<void> {
  const { session } = station;
  const view = session?.view();
  const slow = setTimeout(() => report.note('Finishing what is under way; Ctrl-C again stops at once.'), 1000);
  await window.close();
  await station.close();
  clearTimeout(slow);
  if (session && view) report.end(session.engine.summary(), view);
}

interface Welcome {
  readonly folder: string;
  /** null: nothing is synced before somebody has signed in. */
  readonly shown: Shown | null;
  readonly places: Places;
  readonly address: string;
  readonly why: string | null;
}

/** What runs, and where everything lies; and the window, where there is a screen for it. */
function welcome(told: Welcome): void {
  process.stdout.write(`${opening(told).join('\n')}\n\n`);
  if (hasDisplay()) void run('xdg-open', told.address).catch(() => undefined);
}

function opening({ folder, shown, places, address, why }: Welcome): string[] {
  const own = shown?.own ?? false;
  const server =
    shown === null ? 'sign in to one in the window' : `${shown.options.serverUrl}${own ? ', on this computer' : ''}`;
  return [
    `Driftless ${manifest.version}`,
    `  Folder  ${shortPath(folder)}`,
    `  Server  ${server}`,
    ...(own ? [`  Data    ${shortPath(places.serverData)}`] : []),
    `  Window  ${address}`,
    `          ${why === null ? '' : `in the browser, because ${why}; `}the address works once`,
    '  Stop    Ctrl-C',
  ];
}

async function windowPort(given: string | undefined): Promise<number> {
  if (given === undefined) return freePort(FIRST_WINDOW_PORT);
  const port = Number(given);
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new Fault(`“${given}” is no port: give a number from 1 to 65535 with --port.`);
  if ((await freePort(port)) !== port) throw new Fault(`Port ${port} is in use: name another one with --port.`);
  return port;
}

/** The app reads its settings from the environment: a token on a command line is for all to see. */
function runApp(executable: string, flags: StartFlags, checkout: string): Promise<number> {
  const env: Record<string, string | undefined> = { ...process.env };
  if (flags.folder !== undefined) env.DRIFTLESS_FOLDER = resolve(flags.folder);
  if (flags.server !== undefined) env.DRIFTLESS_SERVER = flags.server;
  if (flags.token !== undefined) env.DRIFTLESS_TOKEN = flags.token;
  const app = spawn(executable, [checkout], { stdio: 'inherit', env });
  const forward = (signal: NodeJS.Signals): void => void app.kill(signal);
  process.on('SIGINT', forward).on('SIGTERM', forward);
  return new Promise((ended, failed) => {
    app.once('error', failed);
    app.once('close', (code) => ended(code ?? 1));
  });
}

const complain = (text: string): void => void process.stderr.write(`${text}\n`);
