import type { TestProject } from 'vitest/node';
import { openDatabases } from '../../../server/db/open.ts';
import { postgresPrograms, startCluster } from './cluster.ts';
import { TEMPLATE } from './template.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Of the PostgreSQL on which tests make their databases. */
    readonly postgresUrl: string;
  }
}

/** One PostgreSQL for all test files, with a migrated database in it that the tests' own are copies of. */
export async function setup(project: TestProject): Promise<(() => void) | undefined> {
  if (postgresPrograms() === undefined) return undefined;
  const cluster = await startCluster();
  const { Client } = await import('pg');
  const client = new Client({ connectionString: cluster.url('postgres') });
  await client.connect();
  await client.query(`create database ${TEMPLATE}`);
  await client.end();
  const told = { waiting: () => undefined, lost: () => undefined };
  const template = { url: cluster.url(TEMPLATE), connections: 3, waitMs: 0 };
  await (await openDatabases({ data: '', database: template }, told)).close();
  project.provide('postgresUrl', cluster.url('postgres'));
  return () => cluster.stop();
}
