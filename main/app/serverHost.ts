import { text } from 'node:stream/consumers';
import { utilityProcess } from 'electron';
import type { Ran, RunServer } from '../headless/home.ts';
import { type Kept, keepRunning } from '../headless/keepRunning.ts';
import { hostLookers } from './lookers.ts';

/** Runs a command of the bundled server; the app cannot start Node itself, only processes of its own kind. */
export function serverCommands(bundle: string): RunServer {
  return async (args) => {
    const child = utilityProcess.fork(bundle, [...args], { serviceName: 'Driftless server command', stdio: 'pipe' });
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
  /** A sentence about the server itself; null: it listens again. */
  onTrouble(message: string | null): void;
}

/** Runs the server on 127.0.0.1, and again when it ends. Returns how to end it for good. */
export function hostServer({ bundle, mediaBundle, dataDir, port, onTrouble }: ServerHostOptions): () => Promise<void> {
  const launch = (): Kept => {
    const args = ['--data', dataDir, '--host', '127.0.0.1', '--port', `${port}`];
    const child = utilityProcess.fork(bundle, args, { serviceName: 'Driftless server', stdio: 'pipe' });
    hostLookers(child, () => {
      const { PATH = '', SystemRoot = '' } = process.env;
      const env = { PATH, SystemRoot };
      return utilityProcess.fork(mediaBundle, [], { serviceName: 'Driftless media', stdio: 'ignore', env });
    });
    child.stderr?.resume();
    child.stdout?.on('data', (bytes: Buffer) => {
      if (bytes.includes('listening on ')) onTrouble(null);
    });
    return {
      ended: new Promise((settle) => child.once('exit', (code) => settle(`exit code ${code}`))),
      stop: () => void child.kill(),
    };
  };
  return keepRunning({ name: 'The server', launch, note: onTrouble });
}

const all = (stream: NodeJS.ReadableStream | null): Promise<string> =>
  stream === null ? Promise.resolve('') : text(stream);
