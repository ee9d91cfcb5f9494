import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { Control, type ControlStatus } from './control.ts';
import { type Ended, Program } from './program.ts';
import { readTree, type Tree } from './tree.ts';
import { until } from './wait.ts';

const StatusLine = z.object({ type: z.literal('status'), state: z.string(), pending: z.number() });
const ProblemLine = z.object({
  type: z.literal('problem'),
  path: z.string(),
  code: z.string(),
  message: z.string(),
  retryAt: z.number().nullable(),
});
export type ProblemLine = z.infer<typeof ProblemLine>;
const SummaryLine = z.object({
  type: z.literal('summary'),
  uploaded: z.number(),
  downloaded: z.number(),
  moved: z.number(),
  deleted: z.number(),
  conflicts: z.number(),
  problems: z.number(),
  bytesSent: z.number(),
  bytesReceived: z.number(),
  seconds: z.number(),
});
export type Summary = z.infer<typeof SummaryLine>;
const Line = z.discriminatedUnion('type', [StatusLine, ProblemLine, SummaryLine]);
type Line = z.infer<typeof Line>;

/** How one `sync --once` ended. */
export interface Pass extends Ended {
  readonly summary: Summary | undefined;
  readonly problems: readonly ProblemLine[];
}

export interface DeviceOptions {
  readonly folder: string;
  readonly state: string;
  readonly server: string;
  readonly token: string;
  readonly env?: Readonly<Record<string, string>>;
  /** A command that becomes the client, with its arguments. */
  readonly by?: readonly string[];
}

/** One device: a folder, a state of its own, and the command line that keeps the folder in sync. */
export class Device {
  readonly folder: string;
  readonly state: string;
  readonly control: Control;
  readonly #options: DeviceOptions;
  #program: Program | undefined;

  constructor(options: DeviceOptions) {
    this.folder = options.folder;
    this.state = options.state;
    this.control = new Control(options.state);
    this.#options = options;
    mkdirSync(options.folder, { recursive: true });
  }

  /** Absolute path of something in the folder. */
  path(relative: string): string {
    return join(this.folder, relative);
  }

  tree(): Tree {
    return readTree(this.folder);
  }

  get program(): Program {
    if (this.#program === undefined) throw new Error('the device is not running');
    return this.#program;
  }

  get isRunning(): boolean {
    return this.#program !== undefined && !this.#program.finished;
  }

  launch(...more: readonly string[]): Program {
    return this.launchIn({}, ...more);
  }

  /** Launches with these variables beside those that the device always has. */
  launchIn(env: Readonly<Record<string, string>>, ...more: readonly string[]): Program {
    const { folder, state, server, token, by } = this.#options;
    const args = [
      'sync',
      '--folder',
      folder,
      '--state',
      state,
      '--server',
      server,
      '--token',
      token,
      '--json',
      ...more,
    ];
    this.#program = new Program('driftless', args, { ...this.#options.env, ...env }, by);
    return this.#program;
  }

  /** `sync --once` to its end, whatever that is. */
  async once(...more: readonly string[]): Promise<Pass> {
    const ended = await this.launch('--once', ...more).end(90_000);
    const lines = parseLines(ended.stdout);
    return {
      ...ended,
      summary: lines.find((line) => line.type === 'summary'),
      problems: lines.filter((line) => line.type === 'problem'),
    };
  }

  /** `sync --once` that must end in sync. */
  async mustSync(...more: readonly string[]): Promise<Summary> {
    const pass = await this.once(...more);
    if (pass.code !== 0 || pass.summary === undefined) {
      throw new Error(`sync --once ended with ${pass.code ?? pass.signal}\n${pass.stdout.slice(-3000)}${pass.stderr}`);
    }
    return pass.summary;
  }

  /** Starts keeping the folder in sync; resolves when the control socket answers. */
  async start(...more: readonly string[]): Promise<void> {
    this.launch(...more);
    await this.#statusWhen('the control socket to answer', () => true);
  }

  /** Resolves when everything that is there now, on this device and on the server, is agreed or a listed problem. */
  async inSync(patienceMs = 60_000): Promise<ControlStatus> {
    const generation = await this.control.syncNow();
    return this.#statusWhen(
      'the device to be in sync',
      (status) => status.syncedGeneration >= generation && status.pending === 0,
      patienceMs,
    );
  }

  waitFor(state: ControlStatus['state'], patienceMs?: number): Promise<ControlStatus> {
    return this.#statusWhen(`the state ${state}`, (status) => status.state === state, patienceMs);
  }

  /** The first status that will do; throws when the client ends before there is one. */
  async #statusWhen(
    what: string,
    isDue: (status: ControlStatus) => boolean,
    patienceMs?: number,
  ): Promise<ControlStatus> {
    const { program } = this;
    let last: ControlStatus | undefined;
    const ask = async (): Promise<ControlStatus | 'ended' | undefined> => {
      if (program.finished) return 'ended';
      last = await this.control.status();
      return isDue(last) ? last : undefined;
    };
    const told = (): string => `; last status ${JSON.stringify(last)}\n${program.stderr}`;
    const answer = await until(what, ask, patienceMs).catch((error: unknown) => {
      throw new Error(`${error instanceof Error ? error.message : String(error)}${told()}`, { cause: error });
    });
    if (answer === 'ended') throw new Error(`the client ended while waiting for ${what}${told()}`);
    return answer;
  }

  kill(): Promise<void> {
    return this.program.kill();
  }

  terminate(): Promise<Ended> {
    return this.program.terminate();
  }

  async close(): Promise<void> {
    if (this.isRunning) await this.program.kill();
  }
}

function parseLines(stdout: string): Line[] {
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => Line.parse(JSON.parse(line)));
}
