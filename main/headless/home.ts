import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { userInfo } from 'node:os';
import { dirname } from 'node:path';
import { z } from 'zod';
import { Fault } from './fault.ts';
import type { Places } from './places.ts';

/** How this computer reaches the server that it runs for itself. */
export interface Home {
  readonly port: number;
  readonly token: string;
}

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a `driftless-server` command to its end. */
export type RunServer = (args: readonly string[]) => Promise<Ran>;

const FIRST_PORT = 3007;
const PORTS_TRIED = 50;

const Stored = z.object({ port: z.number().int(), token: z.string().min(1) });
const Added = z.object({ token: z.string().min(1) });

/**
 * Makes the person's account on their own server, once, and finds a port that is free now: the one of last time, or
 * the next free from 3007. Both are remembered, readable by the owner only. Throws Fault.
 */
export async function prepareHome(places: Places, runServer: RunServer): Promise<Home> {
  const stored = read(places.home);
  const token = stored?.token ?? (await enrolmentToken(places, runServer));
  const port = await freePort(stored?.port ?? FIRST_PORT);
  if (stored === null || stored.port !== port) write(places.home, { port, token });
  return { port, token };
}

function read(path: string): Home | null {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return null;
  }
  const parsed = Stored.safeParse(json(text));
  if (parsed.success) return parsed.data;
  throw new Fault(
    `${path} cannot be read as what Driftless wrote there: remove it, a new one is made at the next start.`,
  );
}

/** Renamed into place, so that a crash leaves the old or the new one. */
function write(path: string, home: Home): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  writeFileSync(`${path}.new`, `${JSON.stringify(home)}\n`, { mode: 0o600, flush: true });
  renameSync(`${path}.new`, path);
}

/** Of a new account, or another one of an account whose token was lost. */
async function enrolmentToken(places: Places, runServer: RunServer): Promise<string> {
  mkdirSync(places.serverData, { recursive: true, mode: 0o700 });
  const users = (command: string): Promise<Ran> =>
    runServer(['users', command, userName(), '--data', places.serverData, '--json']);
  const added = await users('add');
  const token = tokenIn(added) ?? tokenIn(await users('token'));
  if (token !== undefined) return token;
  const why = added.stderr.trim().split('\n').at(-1) || `exit code ${added.code}`;
  throw new Fault(`Your account could not be made on the server in ${places.serverData}: ${why}`);
}

const tokenIn = ({ code, stdout }: Ran): string | undefined =>
  code === 0 ? Added.safeParse(json(stdout)).data?.token : undefined;

/** The first port from `first` on, at 127.0.0.1, that nobody listens on. */
export async function freePort(first: number): Promise<number> {
  for (let port = first; port < first + PORTS_TRIED && port < 65_536; port += 1) {
    if (await isFree(port)) return port;
  }
  throw new Fault(
    `No port from ${first} to ${first + PORTS_TRIED - 1} is free: stop what listens there, then start again.`,
  );
}

function isFree(port: number): Promise<boolean> {
  return new Promise((answer) => {
    const probe = createServer();
    probe.once('error', () => answer(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => answer(true)));
  });
}

function userName(): string {
  try {
    return userInfo().username || 'me';
  } catch {
    return 'me';
  }
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
