import { type Env, textOf } from './env.ts';
import { ConfigFault } from './fault.ts';

/** A PostgreSQL database to use instead of the one in the data folder. */
export interface DatabaseConfig {
  /** `postgres://…`. Holds a password: it is never shown. */
  readonly url: string;
  /** Connections that this process opens at most. */
  readonly connections: number;
  /** How long a start waits for a database that is away, in ms. */
  readonly waitMs: number;
}

const CONNECTIONS = 20;
/** One each to write and to read, and one to hear what other copies say. */
const CONNECTIONS_MIN = 3;
const WAIT_SECONDS = 60;

/** null: the database in the data folder. Throws ConfigFault, which never says what the address is. */
export function readDatabase(env: Env): DatabaseConfig | null {
  const url = textOf(env, 'DATABASE_URL');
  if (url === undefined) return null;
  if (!isAddress(url)) {
    throw new ConfigFault(
      'DATABASE_URL is not the address of a PostgreSQL database. Give it one like postgres://user:password@host:5432/name.',
    );
  }
  return {
    url,
    connections: count(env, 'DATABASE_CONNECTIONS', CONNECTIONS, CONNECTIONS_MIN),
    waitMs: count(env, 'DATABASE_WAIT', WAIT_SECONDS, 0) * 1_000,
  };
}

function isAddress(text: string): boolean {
  try {
    return /^postgres(ql)?:$/.test(new URL(text).protocol) && new URL(text).pathname.length > 1;
  } catch {
    return false;
  }
}

function count(env: Env, name: string, usual: number, least: number): number {
  const text = textOf(env, name);
  if (text === undefined) return usual;
  if (/^\d{1,4}$/.test(text) && Number(text) >= least) return Number(text);
  throw new ConfigFault(`${name} is "${text}". Give it a whole number from ${least} on.`);
}

/** As it may be shown: without the password. */
export function shownAddress(url: string): string {
  const { username, hostname, port, pathname, searchParams } = new URL(url);
  const host = hostname || searchParams.get('host') || 'localhost';
  return `${username && `${username}@`}${host}${port && `:${port}`}${pathname}`;
}
