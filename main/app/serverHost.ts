import { text } from 'node:stream/consumers';
import { utilityProcess } from 'electron';
import type { Ran, RunServer } from '../headless/home.ts';
import { type Kept, keepRunning } from '../headless/keepRunning.ts';
import { ownServerEnvironment } from '../headless/ownServer.ts';
import { hostLookers } from './lookers.ts';
import { keepsStopping, MOST_ENDS } from './patience.ts';
import type { Trouble } from './standing.ts';

/** Runs a command of the bundled server; the app cannot start Node itself, only processes of its own kind. */
export function serverCommands(bundle: string): RunServer {
  return async (args) => {
    const child = utilityProcess.fork(bundle, [...args], {
      serviceName: 'Driftless server command',
      stdio: 'pipe',
      env: ownServerEnvironment(),
    });
    const code = new Promise<number>((exited) => child.once('exit', exited));
    const [stdout, stderr] = await Promise.all([all(child.stdout), all(child.stderr)]);
    return { code: await code, stdout, stderr } satisfies Ran;
  };
}

export interface ServerHostOptions {
  readonly bundle: string;
  /** The program that looks into media for the server. */
  readonly mediaBundle: string;
  readonly dataDir: string;
  readonly port: number;
  /** What is wrong with the server itself; null: it listens. One that is only started again is no trouble: sync waits. */
  onTrouble(trouble: Trouble | null): void;
}

export interface ServerHost {
  /** It listens for the first time, or has been given up: before that there is nothing to sync with. */
  readonly settled: Promise<void>;
  /** After it was given up. */
  startAgain(): void;
  stop(): Promise<void>;
}

/** Runs the server on 127.0.0.1, and again when it ends. */
export function hostServer({ bundle, mediaBundle, dataDir, port, onTrouble }: ServerHostOptions): ServerHost {
  const settled = Promise.withResolvers<void>();
  let startAgain = (): void => undefined;
  const launch = (): Kept => {
    const args = ['--data', dataDir, '--host', '127.0.0.1', '--port', `${port}`];
    const child = utilityProcess.fork(bundle, args, {
      serviceName: 'Driftless server',
      stdio: 'pipe',
      env: ownServerEnvironment(),
    });
    hostLookers(child, () => {
      const { PATH = '', SystemRoot = '' } = process.env;
      const env = { PATH, SystemRoot };
      return utilityProcess.fork(mediaBundle, [], { serviceName: 'Driftless media', stdio: 'ignore', env });
    });
    child.stderr?.resume();
    child.stdout?.on('data', (bytes: Buffer) => {
      if (!bytes.includes('listening on ')) return;
      onTrouble(null);
      settled.resolve();
    });
    return {
      ended: new Promise((settle) => child.once('exit', (code) => settle(`exit code ${code}`))),
      stop: () => void child.kill(),
    };
  };
  const stop = keepRunning({
    name: 'The server',
    launch,
    note: () => undefined,
    patience: {
      ends: MOST_ENDS,
      gaveUp(why, again) {
        startAgain = again;
        onTrouble({ sentence: keepsStopping('The server', why), givenUp: true });
        settled.resolve();
      },
    },
  });
  return { settled: settled.promise, startAgain: () => startAgain(), stop };
}

const all = (stream: NodeJS.ReadableStream | null): Promise<string> =>
  stream === null ? Promise.resolve('') : text(stream);
