import { existsSync } from 'node:fs';
import { databaseFile } from '../dataFolder.ts';
import type { DatabaseConfig } from '../settings/database.ts';
import type { Databases } from './connect.ts';
import type { Told } from './postgres/open.ts';
import { openSqlite } from './sqlite/open.ts';

/** Where a server's database is: in its data folder, or a PostgreSQL. */
export interface Where {
  readonly data: string;
  readonly database: DatabaseConfig | null;
}

/** Opens it, making and migrating it as needed. PostgreSQL's driver is loaded only where it is used. */
export async function openDatabases({ data, database }: Where, told: Told): Promise<Databases> {
  if (database === null) return openSqlite(databaseFile(data));
  const { openPostgres } = await import('./postgres/open.ts');
  return openPostgres(database, told);
}

/** Whether a server has been there before. */
export async function isDatabaseThere({ data, database }: Where, told: Told): Promise<boolean> {
  if (database === null) return existsSync(databaseFile(data));
  const { hasTables } = await import('./postgres/open.ts');
  return hasTables(database, told);
}
