import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { promisify } from 'node:util';
import { onTestFinished } from 'vitest';
import { environmentOf } from '../database.ts';
import { temporaryFolder } from '../harness.ts';
import { SERVER_PROGRAM } from '../program.ts';

/** Several processes that serve one data folder and one PostgreSQL. */
export interface Fleet {
  readonly data: string;
  readonly urls: readonly string[];
  /** Makes a user by the command line, beside the servers; returns the token. */
  addUser(name: string): Promise<string>;
  /** Ends one as a crash would. */
  kill(i: number): Promise<void>;
}

export async function startFleet(copies: number): Promise<Fleet> {
  const data = await temporaryFolder();
  const env = { ...(await environmentOf(data)), DATABASE_CONNECTIONS: '12', LOG_LEVEL: 'error' };
  const processes: ChildProcess[] = [];
  const serve = async (): Promise<string> => {
    const child = spawn(process.execPath, [SERVER_PROGRAM, '--data', data, '--port', '0'], {
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    processes.push(child);
    onTestFinished(() => end(child));
    let printed = '';
    for await (const text of child.stdout ?? []) {
      printed += text;
      const url = /^listening on (http:\S+)\n/.exec(printed)?.[1];
      if (url) return url;
    }
    throw new Error('a copy of the server did not start');
  };
  const urls = await Promise.all(Array.from({ length: copies }, serve));
  return {
    data,
    urls,
    addUser: async (name) => {
      const args = [SERVER_PROGRAM, 'users', 'add', name, '--data', data, '--json'];
      return JSON.parse((await promisify(execFile)(process.execPath, args, { env })).stdout).token;
    },
    kill: async (i) => {
      const child = processes[i];
      if (child) await end(child);
    },
  };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGKILL');
  await exit;
}
