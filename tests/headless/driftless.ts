import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { EngineScript } from './engineDouble.ts';

export interface Scene {
  readonly home: string;
  readonly folder: string;
  readonly state: string;
  /** Environment of a person whose home this is, and nothing of ours. */
  readonly env: Record<string, string>;
}

/** A home folder of its own, gone when the test is. */
export function scene(): Scene {
  const home = mkdtempSync(join(tmpdir(), 'headless-'));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  const folder = join(home, 'Pictures');
  mkdirSync(folder);
  return { home, folder, state: join(home, 'state'), env: { HOME: home, PATH: process.env.PATH ?? '' } };
}

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Started {
  readonly child: ChildProcess;
  readonly finished: Promise<Finished>;
  /** Resolves when standard output contains the text. */
  printed(text: string): Promise<void>;
}

export function start(args: readonly string[], env: Record<string, string>, script: EngineScript = {}): Started {
  const program = join(import.meta.dirname, 'fakeDriftless.ts');
  const child = spawn(process.execPath, [program, ...args], {
    env: { ...env, ENGINE_SCRIPT: JSON.stringify(script) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let stdout = '';
  let stderr = '';
  let wake = (): void => {};
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    wake();
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const finished = new Promise<Finished>((done) => child.once('close', (code) => done({ code, stdout, stderr })));
  return {
    child,
    finished,
    printed: (text) =>
      new Promise((seen, missed) => {
        wake = () => {
          if (stdout.includes(text)) seen();
        };
        wake();
        void finished.then((end) => missed(new Error(`ended without printing ${text}: ${JSON.stringify(end)}`)));
      }),
  };
}

export const run = (args: readonly string[], env: Record<string, string>, script?: EngineScript): Promise<Finished> =>
  start(args, env, script).finished;

/** The arguments of a sync that has nothing wrong with it. */
export const good = ({ folder, state }: Scene): string[] => [
  'sync',
  ...['--folder', folder, '--server', 'http://127.0.0.1:3007', '--token', 'secret', '--state', state],
];

export const jsonLines = (stdout: string): Record<string, unknown>[] =>
  stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
