import { type ChildProcess, fork as forkNode } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { join } from 'node:path';

interface Options {
  readonly env?: NodeJS.ProcessEnv;
  readonly stdio?: 'pipe' | 'ignore' | 'inherit';
}

/** A process of the app's kind: plain Node here, with Electron's way to talk to its parent. */
class UtilityProcess extends EventEmitter {
  readonly #child: ChildProcess;

  constructor(bundle: string, args: readonly string[], { env = process.env, stdio = 'inherit' }: Options) {
    super();
    const execArgv = ['--import', join(import.meta.dirname, 'parentPort.ts')];
    const streams = stdio === 'inherit' ? 'inherit' : stdio;
    this.#child = forkNode(bundle, [...args], {
      env,
      execArgv,
      serialization: 'advanced',
      stdio: ['ignore', streams, streams, 'ipc'],
    });
    this.#child.on('message', (message) => this.emit('message', message));
    this.#child.once('spawn', () => this.emit('spawn'));
    this.#child.once('close', (code, signal) => this.emit('exit', code ?? (signal === 'SIGKILL' ? 9 : 15)));
  }

  get pid(): number | undefined {
    return this.#child.exitCode === null && this.#child.signalCode === null ? this.#child.pid : undefined;
  }
  get stdout(): NodeJS.ReadableStream | null {
    return this.#child.stdout;
  }
  get stderr(): NodeJS.ReadableStream | null {
    return this.#child.stderr;
  }

  postMessage(message: unknown): void {
    if (this.#child.connected) this.#child.send(message as object, () => undefined);
  }

  kill(): boolean {
    return this.#child.kill();
  }
}

export const utilityProcess = {
  fork: (bundle: string, args: readonly string[] = [], options: Options = {}) =>
    new UtilityProcess(bundle, args, options),
};
