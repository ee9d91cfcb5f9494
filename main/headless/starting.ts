import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import manifest from '../../package.json' with { type: 'json' };
import { openBrowserWindow, pageFilesIn, run } from './bridge/browserWindow.ts';
import { controlAddress, isLive } from './controlAddress.ts';
import { findDesktopRuntime, hasDisplay } from './desktopRuntime.ts';
import { Fault } from './fault.ts';
import { freePort, prepareHome } from './home.ts';
import { keepRunning } from './keepRunning.ts';
import { launchServer, serverCommands, serverFilesIn } from './localServer.ts';
import { parentGone } from './parentGone.ts';
import { type Places, shortPath, stateDirFor } from './places.ts';
import type { Report } from './report.ts';
import { reportFor } from './reportFor.ts';
import { stopRequested } from './signals.ts';
import { sync } from './sync.ts';
import { engineOptions } from './syncOptions.ts';

/** `npm start`: a folder in sync with a server on this computer, without a question asked. */
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
  const folder = folderFrom(flags, places);
  const runtime = findDesktopRuntime(resolve(bundleDir, '..', '..'));
  if (runtime.found && !flags.browser)
    return runApp(runtime.executable, { ...flags, folder }, resolve(bundleDir, '..', '..'));

  if (await isLive(controlAddress(stateDirFor(folder, places)))) {
    throw new Fault(
      `Driftless keeps ${shortPath(folder)} in sync already: "npm run -s driftless status" says how it goes.`,
    );
  }
  const stop = Promise.race([stopRequested(), parentGone()]);
  // It takes a while to load, and so does the server to start.
  const loading = import('./engineHere.ts');
  const report = await reportFor(process.stdout, false);
  const server =
    flags.server === undefined ? await ownServer(places, report, bundleDir) : elsewhere(flags.server, flags.token);
  try {
    const options = engineOptions({ folder, server: server.url, ...tokenOf(server.token) }, places);
    const display = hasDisplay();
    const window = await openBrowserWindow({
      port: await windowPort(flags.port),
      options,
      ownServer: server.dataDir !== null,
      files: pageFilesIn(bundleDir),
      display,
      note: (sentence) => report.note(sentence),
    });
    const address = window.address();
    // Who asked for a browser need not be told why it is one.
    const why = runtime.found || flags.browser ? null : runtime.why;
    process.stdout.write(`${opening(options.folder, server, address, why).join('\n')}\n\n`);
    if (display) await run('xdg-open', address).catch(() => undefined);
    const { createEngineHere } = await loading;
    return await sync({ options, createEngine: createEngineHere, report, stop, complain, window });
  } finally {
    await server.stop();
  }
}

/** What runs, and where everything lies. */
function opening(folder: string, server: Server, address: string, noApp: string | null): string[] {
  return [
    `Driftless ${manifest.version}`,
    `  Folder  ${shortPath(folder)}`,
    `  Server  ${server.url}${server.dataDir === null ? '' : ', on this computer'}`,
    ...(server.dataDir === null ? [] : [`  Data    ${shortPath(server.dataDir)}`]),
    `  Window  ${address}`,
    `          ${noApp === null ? '' : `in the browser, because ${noApp}; `}the address works once`,
    '  Stop    Ctrl-C',
  ];
}

interface Server {
  readonly url: string;
  readonly token: string | undefined;
  /** null: on another computer. */
  readonly dataDir: string | null;
  stop(): Promise<void>;
}

/** Throws Fault when the server cannot even start. */
async function ownServer(places: Places, report: Report, bundleDir: string): Promise<Server> {
  const files = serverFilesIn(bundleDir);
  const { port, token } = await prepareHome(places, serverCommands(files));
  const first = Promise.withResolvers<string | null>();
  const stop = keepRunning({
    name: 'The server',
    launch: () => {
      const onListening = (): void => first.resolve(null);
      const launched = launchServer({ files, dataDir: places.serverData, port, onListening });
      void launched.ended.then(first.resolve);
      return launched;
    },
    note: (text) => report.note(text),
  });
  const why = await first.promise;
  if (why !== null) {
    await stop();
    throw new Fault(`The server could not start: ${why}.`);
  }
  return { url: `http://127.0.0.1:${port}`, token, dataDir: places.serverData, stop };
}

async function windowPort(given: string | undefined): Promise<number> {
  if (given === undefined) return freePort(FIRST_WINDOW_PORT);
  const port = Number(given);
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new Fault(`"${given}" is no port: give a number from 1 to 65535 with --port.`);
  if ((await freePort(port)) !== port) throw new Fault(`Port ${port} is in use: name another one with --port.`);
  return port;
}

const elsewhere = (url: string, token: string | undefined): Server => ({
  url,
  token,
  dataDir: null,
  stop: () => Promise.resolve(),
});

const tokenOf = (token: string | undefined): { token?: string } => (token === undefined ? {} : { token });

function folderFrom(flags: StartFlags, places: Places): string {
  if (flags.folder !== undefined) return resolve(flags.folder);
  mkdirSync(places.folder, { recursive: true });
  return places.folder;
}

/** The app reads its settings from the environment: a token on a command line is for all to see. */
function runApp(executable: string, flags: StartFlags, checkout: string): Promise<number> {
  const env: Record<string, string | undefined> = { ...process.env, DRIFTLESS_FOLDER: flags.folder };
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
