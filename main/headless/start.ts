import './tuning.ts';
import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { Command, CommanderError } from 'commander';
import manifest from '../../package.json' with { type: 'json' };
import { controlAddress, isLive } from './controlAddress.ts';
import { findDesktopRuntime } from './desktopRuntime.ts';
import { Fault } from './fault.ts';
import { prepareHome } from './home.ts';
import { keepRunning } from './keepRunning.ts';
import { launchServer, serverCommands, serverFilesIn } from './localServer.ts';
import { parentGone } from './parentGone.ts';
import { type Places, placesFrom, shortPath, stateDirFor } from './places.ts';
import { sentence } from './program.ts';
import type { Report } from './report.ts';
import { reportFor } from './reportFor.ts';
import { stopRequested } from './signals.ts';
import { sync } from './sync.ts';
import { engineOptions } from './syncOptions.ts';

/** `npm start`: a folder in sync with a server on this computer, without a question asked. */
interface StartFlags {
  readonly folder?: string;
  readonly server?: string;
  readonly token?: string;
}

async function start(flags: StartFlags, places: Places): Promise<number> {
  const folder = folderFrom(flags, places);
  const runtime = findDesktopRuntime(resolve(import.meta.dirname, '..', '..'));
  if (runtime.found) return runApp(runtime.executable, { ...flags, folder });

  if (await isLive(controlAddress(stateDirFor(folder, places)))) {
    throw new Fault(
      `Driftless keeps ${shortPath(folder)} in sync already: "npm run -s driftless status" says how it goes.`,
    );
  }
  const stop = Promise.race([stopRequested(), parentGone()]);
  const report = await reportFor(process.stdout, false);
  const server = flags.server === undefined ? await ownServer(places, report) : elsewhere(flags.server, flags.token);
  try {
    const options = engineOptions({ folder, server: server.url, ...tokenOf(server.token) }, places);
    process.stdout.write(`${opening(options.folder, server, runtime.why).join('\n')}\n\n`);
    const { createEngine } = await import('../engine/engine.ts');
    return await sync({ options, createEngine, report, stop, complain });
  } finally {
    await server.stop();
  }
}

/** What runs, and where everything lies. */
function opening(folder: string, server: Server, noWindow: string): string[] {
  return [
    `Driftless ${manifest.version}`,
    `  Folder  ${shortPath(folder)}`,
    `  Server  ${server.url}${server.dataDir === null ? '' : ', on this computer'}`,
    ...(server.dataDir === null ? [] : [`  Data    ${shortPath(server.dataDir)}`]),
    `  Window  none: ${noWindow}; this terminal stands in`,
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
async function ownServer(places: Places, report: Report): Promise<Server> {
  const files = serverFilesIn(import.meta.dirname);
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
function runApp(executable: string, flags: StartFlags): Promise<number> {
  const env: Record<string, string | undefined> = { ...process.env, DRIFTLESS_FOLDER: flags.folder };
  if (flags.server !== undefined) env.DRIFTLESS_SERVER = flags.server;
  if (flags.token !== undefined) env.DRIFTLESS_TOKEN = flags.token;
  const app = spawn(executable, [dirname(dirname(import.meta.dirname))], { stdio: 'inherit', env });
  const forward = (signal: NodeJS.Signals): void => void app.kill(signal);
  process.on('SIGINT', forward).on('SIGTERM', forward);
  return new Promise((ended, failed) => {
    app.once('error', failed);
    app.once('close', (code) => ended(code ?? 1));
  });
}

const complain = (text: string): void => void process.stderr.write(`${text}\n`);

async function main(): Promise<number> {
  const program = new Command('npm start --')
    .description('Keeps ~/Driftless, or another folder, in sync with a server on this computer, or another one.')
    .option('--folder <dir>', 'the folder to keep in sync (made if it is ~/Driftless)')
    .option('--server <url>', 'a server elsewhere, instead of one on this computer')
    .option('--token <token>', 'for a server elsewhere; needed once')
    .exitOverride()
    .configureOutput({ outputError: (text) => complain(sentence(text)) });
  try {
    return await start(program.parse().opts<StartFlags>(), placesFrom());
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode;
    if (!(error instanceof Fault)) throw error;
    complain(error.message);
    return 1;
  }
}

const code = await main();
process.stdout.write('', () => process.exit(code));
