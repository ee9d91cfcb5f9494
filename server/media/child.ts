import { readFile } from 'node:fs/promises';
import { KiB, MiB } from '../../shared/bytes.ts';
import type { Found, FromWorker, Job } from './found.ts';
import type { Launch, Looker } from './looker.ts';

/** Resident memory at which the process is ended, and how often it is looked at. */
export const MEMORY_MAX = 768 * MiB;
const MEMORY_EVERY_MS = 100;
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
  readonly #looker: Looker;
  readonly #limits: Limits;
  readonly #ended: Promise<void>;
  #ready = false;
  #dead = false;
  #killedFor: Cause | undefined;
  #said: (message: FromWorker) => void = () => undefined;

  constructor(launch: Launch, limits: Limits, heard: (line: string) => void) {
    this.#limits = limits;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#ended = promise;
    this.#looker = launch({
      said: (message) => {
        if (message.type === 'ready') {
          this.#ready = true;
          heard('ready');
        }
        this.#said(message);
      },
      wrote: heard,
      ended: () => {
        this.#dead = true;
        resolve();
      },
    });
  }

  get pid(): number | undefined {
    return this.#looker.pid;
  }

  get alive(): boolean {
    return !this.#dead;
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
      this.#looker.tell({ jobs });
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
    if (!this.#dead) this.#looker.kill();
    await this.#ended;
  }

  #kill(cause: Cause): void {
    if (this.#dead) return;
    this.#killedFor ??= cause;
    this.#looker.kill();
  }

  async #checkMemory(): Promise<void> {
    const { pid } = this.#looker;
    if (process.platform !== 'linux' || this.#dead || pid === undefined) return;
    const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
    const resident = Number(/^VmRSS:\s*(\d+) kB/m.exec(status)?.[1] ?? 0) * KiB;
    if (resident > this.#limits.memoryBytes) this.#kill('memory');
  }
}
