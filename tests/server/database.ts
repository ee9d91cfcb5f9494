import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import Sqlite from 'better-sqlite3';
import { Client } from 'pg';
import { inject } from 'vitest';
import { databaseFile } from '../../server/dataFolder.ts';
import type { Databases } from '../../server/db/connect.ts';
import { openDatabases } from '../../server/db/open.ts';
import type { DatabaseConfig } from '../../server/settings/database.ts';
import { Asking } from './postgres/asking.ts';
import { TEMPLATE } from './postgres/template.ts';

const server = inject('postgresUrl') as string | undefined;

/** Which database these tests run on. */
export const onPostgres = server !== undefined;

/** A data folder's database, by the folder: a server that starts there again finds it. */
const databases = new Map<string, Promise<string>>();
const known = new Map<string, string>();

/** The database of a data folder as a server is told it, made if need be; null: in the folder. */
export async function databaseOf(data: string): Promise<DatabaseConfig | null> {
  if (server === undefined) return null;
  const made = databases.get(data) ?? copyOf(TEMPLATE);
  databases.set(data, made);
  const url = await made;
  known.set(data, url);
  return { url, connections: 9, waitMs: 0 };
}

async function copyOf(template: string): Promise<string> {
  const url = new URL(server ?? '');
  const client = new Client({ connectionString: url.href });
  await client.connect();
  const name = `driftless_${randomUUID().replaceAll('-', '')}`;
  try {
    await client.query(`create database ${name} template ${template}`);
  } finally {
    await client.end();
  }
  url.pathname = name;
  return url.href;
}

/** What a program that is to use the same database is told. */
export async function environmentOf(data: string): Promise<NodeJS.ProcessEnv> {
  const database = await databaseOf(data);
  return { ...process.env, ...(database && { DATABASE_URL: database.url }) };
}

/** The rows as somebody with a shell sees and changes them. */
export function byHand(
  data: string,
  options: Sqlite.Options = { timeout: 5_000 },
): Pick<Sqlite.Database, 'exec' | 'pragma' | 'close' | 'prepare'> {
  const url = known.get(data);
  if (url === undefined) return new Sqlite(databaseFile(data), options);
  return new Asking(url) as unknown as Sqlite.Database;
}

/** The same database as the server of this folder has. */
export async function openDatabasesOf(data: string): Promise<Databases> {
  const told = { waiting: () => undefined, lost: () => undefined };
  return openDatabases({ data, database: await databaseOf(data) }, told);
}

/** A copy of the database as it is now, for another data folder. */
export async function copyDatabase(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  const url = known.get(from);
  if (url !== undefined) {
    const empty = copyOf('template0');
    databases.set(to, empty);
    const dumped = spawnSync('pg_dump', ['--no-owner', url], { encoding: 'utf8', maxBuffer: 2 ** 26 });
    spawnSync('psql', ['--quiet', '--set', 'ON_ERROR_STOP=1', await empty], { input: dumped.stdout, encoding: 'utf8' });
    await databaseOf(to);
    return;
  }
  const db = new Sqlite(databaseFile(from));
  await db.backup(databaseFile(to));
  db.close();
}
