import { type ChildProcess, spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { GiB, KiB, MiB } from '../../shared/bytes.ts';
import type { Found, FromWorker, Job, ToWorker } from './found.ts';
import { programPath } from './tools.ts';

/** Resident memory at which the process is ended, and how often it is looked at. */
export const MEMORY_MAX = 768 * MiB;
const MEMORY_EVERY_MS = 100;
/** What it may allocate at all, so that a jump between two looks does not take the machine's memory. */
const DATA_MAX = 3 * GiB;
const HEAP_MIB = 256;
/** Longest time without a word, in ms: for one file that is decoded, beyond the limits of the programs it runs. */
const SILENT_MS = 150_000;
/** Longest time until the process has started, in ms. */
const START_MS = 60_000;

export interface Limits {
  readonly memoryBytes: number;
  readonly silentMs: number;
}
export const LIMITS: Limits = { memoryBytes: MEMORY_MAX, silentMs: SILENT_MS };

/** Why a look ended the process. */
export type Cause = 'time' | 'memory' | 'crash';

export interface Death {
  readonly cause: Cause;
  /** The file that was being decoded; without, it was one of the batch. */
  readonly culprit: { readonly objectId: string; readonly mime: string } | undefined;
}

/** `rest`: the batch is done, or its time was up; `stuck`: the disk takes no thumbnails. */
export type Ended = 'rest' | 'stuck' | Death;

/** One process that looks into files, a batch at a time. */
export class MediaChild {
  readonly #child: ChildProcess;
  readonly #limits: Limits;
  readonly #ended: Promise<void>;
  #ready = false;
  #dead = false;
  #killedFor: Cause | undefined;
  #said: (message: FromWorker) => void = () => undefined;

  constructor(limits: Limits, heard: (line: string) => void) {
    this.#limits = limits;
    this.#child = launch();
    this.#child.stderr?.setEncoding('utf8').on('data', heard);
    this.#child.on('message', (message: FromWorker) => {
      if (message.type === 'ready') {
        this.#ready = true;
        heard('ready');
      }
      this.#said(message);
    });
    this.#child.on('error', () => undefined);
    this.#ended = new Promise((resolve) => {
      const end = (): void => {
        this.#dead = true;
        resolve();
      };
      this.#child.once('exit', end);
      this.#child.once('error', end);
    });
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  get alive(): boolean {
    return !this.#dead && this.#child.connected;
  }

  /** What it finds goes to `found` as it comes. Resolves at the end of the batch, which may be its own. */
  async look(jobs: readonly Job[], found: (some: readonly (readonly [string, Found])[]) => void): Promise<Ended> {
    let culprit: Death['culprit'];
    let silence: NodeJS.Timeout | undefined;
    const listen = (): void => {
      clearTimeout(silence);
      silence = setTimeout(() => this.#kill('time'), this.#ready ? this.#limits.silentMs : START_MS);
    };
    listen();
    const watch = setInterval(() => void this.#checkMemory(), MEMORY_EVERY_MS);
    const rest = new Promise<'rest' | 'stuck'>((resolve) => {
      this.#said = (message) => {
        listen();
        if (message.type === 'begin') culprit = message;
        if (message.type === 'found') {
          culprit = undefined;
          found(message.found);
        }
        if (message.type === 'rest') resolve(message.stuck ? 'stuck' : 'rest');
      };
    });
    try {
      const message: ToWorker = { jobs };
      this.#child.send(message, () => undefined);
      const end = await Promise.race([rest, this.#ended]);
      if (!end && !this.#ready) throw new Error('The media process does not start.');
      return end ?? { cause: this.#killedFor ?? 'crash', culprit };
    } finally {
      clearTimeout(silence);
      clearInterval(watch);
      this.#said = () => undefined;
    }
  }

  /** Ends it, whatever it does, and what it has started. */
  async end(): Promise<void> {
    this.#signal();
    await this.#ended;
  }

  #kill(cause: Cause): void {
    this.#killedFor ??= cause;
    this.#signal();
  }

  #signal(): void {
    const { pid } = this.#child;
    if (this.#dead || pid === undefined) return;
    try {
      // Its group: a program that it runs must not outlive it.
      process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL');
    } catch {
      // It has ended meanwhile.
    }
  }

  async #checkMemory(): Promise<void> {
    if (process.platform !== 'linux' || this.#dead) return;
    const status = await readFile(`/proc/${this.#child.pid}/status`, 'utf8').catch(() => '');
    const resident = Number(/^VmRSS:\s*(\d+) kB/m.exec(status)?.[1] ?? 0) * KiB;
    if (resident > this.#limits.memoryBytes) this.#kill('memory');
  }
}

/** Last in line for the processor, without core dumps, without our environment and its secrets. */
function launch(): ChildProcess {
  const nice = programPath('nice');
  const prlimit = programPath('prlimit');
  const [command, ...args] = [
    ...(nice ? [nice, '-n', '10'] : []),
    ...(prlimit ? [prlimit, `--data=${DATA_MAX}`, '--core=0'] : []),
    process.execPath,
    `--max-old-space-size=${HEAP_MIB}`,
    fileURLToPath(workerUrl()),
  ];
  return spawn(command ?? process.execPath, args, {
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
}

/** Beside this file as TypeScript when run from source; out/main/mediaWorker.js when bundled, perhaps from a chunk. */
function workerUrl(): URL {
  const here = import.meta.url;
  if (here.endsWith('.ts')) return new URL('worker/main.ts', here);
  const folder = new URL('.', here);
  return new URL(folder.pathname.endsWith('/chunks/') ? '../mediaWorker.js' : 'mediaWorker.js', folder);
}
