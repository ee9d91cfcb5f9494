import { spawn, spawnSync } from 'node:child_process';
import { type AddressInfo, connect, createServer } from 'node:net';
import { endedChildrenSeconds } from '../../tests/e2e/harness/processes.ts';
import { until } from '../../tests/e2e/harness/wait.ts';
import type { Meter, Role } from '../measure.ts';

export interface Command {
  /** Resolves with the exit code; null when it was killed. */
  readonly ended: Promise<number | null>;
  /** Kills it and everything it has started. */
  kill(): Promise<void>;
}

/** Starts a command and books it on a role until it ends. Its messages go to this program's stderr. */
export function start(
  meter: Meter,
  role: Role,
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Command {
  const before = endedChildrenSeconds();
  const child = spawn(command, args, {
    stdio: ['ignore', 'ignore', 'inherit'],
    detached: true,
    env: { ...process.env, ...env },
  });
  const { pid } = child;
  if (pid !== undefined) meter.watch(role, pid);
  const killGroup = (): void => {
    try {
      if (pid !== undefined) process.kill(-pid, 'SIGKILL');
    } catch {
      // The whole group has ended already.
    }
  };
  process.once('exit', killGroup);
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => {
      process.off('exit', killGroup);
      if (pid !== undefined) meter.forget(role, pid, endedChildrenSeconds() - before);
      resolve(code);
    });
  });
  return {
    ended,
    async kill() {
      killGroup();
      await ended.catch(() => {});
    },
  };
}

/** First line of what a command prints about its version, or undefined when it cannot be run. */
export function versionOf(command: string, ...args: readonly string[]): string | undefined {
  const { status, stdout } = spawnSync(command, args, { encoding: 'utf8' });
  return status === 0 ? stdout.split('\n')[0]?.trim() : undefined;
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Resolves when something accepts connections there. */
export const listening = (port: number): Promise<true> =>
  until(`a listener on port ${port}`, () => {
    const socket = connect({ port, host: '127.0.0.1' });
    return new Promise<true>((resolve, reject) => {
      socket.on('connect', () => resolve(true));
      socket.on('error', reject);
    }).finally(() => socket.destroy());
  });
