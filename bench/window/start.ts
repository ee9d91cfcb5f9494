import { type ChildProcess, spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { placesFrom, stateDirFor } from '../../main/headless/places.ts';
import { Control } from '../../tests/e2e/harness/control.ts';
import { NODE } from '../../tests/e2e/harness/program.ts';
import { until } from '../../tests/e2e/harness/wait.ts';

const PROGRAM = resolve(import.meta.dirname, '../../out/main/start.js');
/** A first sync of fifty thousand files takes its time. */
const PATIENCE_MS = 15 * 60_000;

/** `npm start` without the build, with the window in the browser. */
export interface Started {
  readonly pid: number;
  /** `performance.now()` at which the process was begun. */
  readonly begunAt: number;
  /** Of the window; good once. */
  readonly address: string;
  inSync(): Promise<void>;
  stop(): Promise<void>;
}

export async function startIn(home: string): Promise<Started> {
  const begunAt = performance.now();
  const child = spawn(NODE, [PROGRAM, '--browser'], {
    env: { HOME: home, PATH: process.env.PATH ?? '', NODE_ENV: 'production' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const address = await printed(child, /http:\/\/\S+\?secret=\S+/);
  const places = placesFrom({}, home);
  const control = new Control(stateDirFor(places.folder, places));
  return {
    pid: child.pid ?? 0,
    begunAt,
    address,
    async inSync() {
      const generation = await until('the engine to answer', () => control.syncNow());
      const agreed = async () => (await control.status()).syncedGeneration >= generation;
      await until('both sides to agree', agreed, PATIENCE_MS);
    },
    stop: () =>
      new Promise((done) => {
        child.once('close', () => done());
        child.kill('SIGTERM');
      }),
  };
}

function printed(child: ChildProcess, pattern: RegExp): Promise<string> {
  let said = '';
  return new Promise((found, failed) => {
    const hear = (text: Buffer): void => {
      said += text.toString();
      const [match] = pattern.exec(said) ?? [];
      if (match !== undefined) found(match);
    };
    child.stdout?.on('data', hear);
    child.stderr?.on('data', hear);
    child.once('close', () => failed(new Error(`It ended: ${said}`)));
  });
}
