import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { GiB } from '../../shared/bytes.ts';
import type { FromWorker } from './found.ts';
import type { Looker, LookerEvents } from './looker.ts';
import { programPath } from './tools.ts';

/** What it may allocate at all, so that a jump between two looks at its memory does not take the machine's. */
const DATA_MAX = 3 * GiB;
const HEAP_MIB = 256;

/** A child of this process: last in line for the processor, without core dumps, without our environment and its secrets. */
export function spawnLooker({ said, wrote, ended }: LookerEvents): Looker {
  const nice = programPath('nice');
  const prlimit = programPath('prlimit');
  const [command = process.execPath, ...args] = [
    ...(nice ? [nice, '-n', '10'] : []),
    ...(prlimit ? [prlimit, `--data=${DATA_MAX}`, '--core=0'] : []),
    process.execPath,
    `--max-old-space-size=${HEAP_MIB}`,
    fileURLToPath(workerUrl()),
  ];
  const child = spawn(command, args, {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    detached: process.platform !== 'win32',
    windowsHide: true,
    env: {
      PATH: process.env.PATH,
      ...(process.env.SystemRoot !== undefined && { SystemRoot: process.env.SystemRoot }),
      LC_ALL: 'C',
      UV_THREADPOOL_SIZE: '2',
      MALLOC_ARENA_MAX: '2',
    },
  });
  let running = true;
  const end = (): void => {
    running = false;
    ended();
  };
  child.stderr?.setEncoding('utf8').on('data', wrote);
  child.on('message', (message: FromWorker) => said(message));
  child.on('error', (error) => {
    wrote(error.message);
    if (child.pid === undefined) end();
  });
  child.once('exit', end);
  return {
    get pid() {
      return child.pid;
    },
    tell: (message) => void child.send(message, () => undefined),
    kill() {
      if (!running || child.pid === undefined) return;
      try {
        // Its group: a program that it runs must not outlive it.
        process.kill(process.platform === 'win32' ? child.pid : -child.pid, 'SIGKILL');
      } catch {
        // It has ended meanwhile.
      }
    },
  };
}

/** Beside this file as TypeScript when run from source; out/main/mediaWorker.js when bundled, perhaps from a chunk. */
function workerUrl(): URL {
  const here = import.meta.url;
  if (here.endsWith('.ts')) return new URL('worker/main.ts', here);
  const folder = new URL('.', here);
  return new URL(folder.pathname.endsWith('/chunks/') ? '../mediaWorker.js' : 'mediaWorker.js', folder);
}
