import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { PATIENCE_MS, within } from './wait.ts';

const checkout = (path: string): string => resolve(import.meta.dirname, '../../..', path);

export const NODE = checkout('node_modules/.bin/node');
export type ProgramName = 'driftless' | 'driftless-server';

export interface Ended {
  /** null when a signal ended it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Root without the right to pass by permissions, as everybody else is. Empty: it never had it. */
export const UNPRIVILEGED: readonly string[] =
  process.getuid?.() === 0 ? ['setpriv', '--bounding-set', '-dac_override,-dac_read_search'] : [];

const running = new Set<ChildProcess>();
process.on('exit', endAll);

/** Ends every program that still runs. */
export function endAll(): void {
  for (const child of running) child.kill('SIGKILL');
}

/** One of Driftless's programs as built, in a process of its own, without a shell or npm between: its pid is the program's. */
export class Program {
  readonly pid: number;
  readonly ended: Promise<Ended>;
  stdout = '';
  stderr = '';

  readonly #child: ChildProcess;
  #finished = false;
  #onOutput: () => void = () => {};

  /** `by`: a command that becomes the program, with its arguments. */
  constructor(
    name: ProgramName,
    args: readonly string[],
    env: Readonly<Record<string, string>> = {},
    by: readonly string[] = [],
  ) {
    const script = checkout(`out/main/${name}.js`);
    if (!existsSync(script)) throw new Error(`${script} is missing: run npm run build first`);
    const [command = NODE, ...rest] = [...by, NODE, script, ...args];
    const child = spawn(command, rest, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NODE_ENV: 'production', ...env },
    });
    if (child.pid === undefined) throw new Error(`${NODE} could not be started`);
    this.#child = child;
    this.pid = child.pid;
    running.add(child);
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      this.stdout += text;
      this.#onOutput();
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text;
    });
    this.ended = new Promise((done) => {
      child.on('close', (code, signal) => {
        this.#finished = true;
        running.delete(child);
        done({ code, signal, stdout: this.stdout, stderr: this.stderr });
        this.#onOutput();
      });
    });
  }

  get finished(): boolean {
    return this.#finished;
  }

  /** The first match in what the program prints; throws when it ends without. */
  async prints(pattern: RegExp, patienceMs = PATIENCE_MS): Promise<RegExpExecArray> {
    const found = new Promise<RegExpExecArray>((done, fail) => {
      const look = (): void => {
        const match = pattern.exec(this.stdout);
        if (match) done(match);
        else if (this.#finished) fail(new Error(`ended without printing ${pattern}: ${this.stderr || this.stdout}`));
      };
      this.#onOutput = look;
      look();
    });
    try {
      return await within(`${pattern} in the output`, found, patienceMs);
    } catch (error) {
      throw new Error(`${(error as Error).message}\n${this.stdout}${this.stderr}`, { cause: error });
    } finally {
      this.#onOutput = () => {};
    }
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Waits for the end of its own accord. */
  async end(patienceMs = PATIENCE_MS): Promise<Ended> {
    try {
      return await within('the program to end', this.ended, patienceMs);
    } catch (error) {
      throw new Error(`${(error as Error).message}\n${this.stdout.slice(-2000)}${this.stderr}`, { cause: error });
    }
  }

  /** As power loss would: no handler runs. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.ended;
  }

  async terminate(): Promise<Ended> {
    this.#child.kill('SIGTERM');
    return this.end();
  }
}

/** Runs a program to its end, whatever its exit code. */
export const run = (
  name: ProgramName,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  patienceMs = PATIENCE_MS,
): Promise<Ended> => new Program(name, args, env).end(patienceMs);
