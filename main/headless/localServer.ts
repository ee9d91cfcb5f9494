import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Ran, RunServer } from './home.ts';
import type { Kept } from './keepRunning.ts';
import { ownServerEnvironment } from './ownServer.ts';

/** The bundled server, and what ends it when we are gone: absolute paths. */
export interface ServerFiles {
  readonly server: string;
  readonly guard: string;
}

export const serverFilesIn = (bundleDir: string): ServerFiles => ({
  server: join(bundleDir, 'driftless-server.js'),
  guard: join(bundleDir, 'guard.js'),
});

/** Runs the server's commands as processes of their own. */
export function serverCommands(files: ServerFiles): RunServer {
  return (args) =>
    new Promise<Ran>((ran) => {
      execFile(
        process.execPath,
        [files.server, ...args],
        { timeout: 30_000, env: ownServerEnvironment() },
        (error, stdout, stderr) => {
          ran({ code: error === null ? 0 : typeof error.code === 'number' ? error.code : null, stdout, stderr });
        },
      );
    });
}

export interface ServerLaunch {
  readonly files: ServerFiles;
  readonly dataDir: string;
  readonly port: number;
  /** Called when it has printed that it listens. */
  readonly onListening: () => void;
}

/**
 * Starts the server on 127.0.0.1, in a process group of its own: Ctrl-C reaches only us, and the engine can finish
 * before the server goes.
 */
export function launchServer({ files, dataDir, port, onListening }: ServerLaunch): Kept {
  const args = ['--import', pathToFileURL(files.guard).href, files.server];
  const settings = ['--data', dataDir, '--host', '127.0.0.1', '--port', `${port}`];
  const child = spawn(process.execPath, [...args, ...settings], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: ownServerEnvironment(),
    detached: true,
    windowsHide: true,
  });
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    if (text.includes('listening on ')) onListening();
  });
  const lastWords = lastLine(child);
  return {
    ended: new Promise<string>((settle) => {
      child.once('error', (error) => settle(error.message));
      child.once('close', (code, signal) => settle(lastWords() ?? signal ?? `exit code ${code}`));
    }),
    stop: () => void child.kill('SIGTERM'),
  };
}

/** The last line on its standard error, which says why it ended; what came before is not kept. */
function lastLine(child: ChildProcess): () => string | undefined {
  let tail = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    tail = (tail + text).slice(-2000);
  });
  return () => tail.trim().split('\n').at(-1)?.replace(/\.$/, '') || undefined;
}
