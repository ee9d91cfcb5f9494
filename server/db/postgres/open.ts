import { setTimeout } from 'node:timers/promises';
import { sql } from 'kysely';
import { Client } from 'pg';
import { errorCode } from '../../content/durable.ts';
import { type DatabaseConfig, shownAddress } from '../../settings/database.ts';
import { ConfigFault } from '../../settings/fault.ts';
import type { Databases } from '../connect.ts';
import { sharedCopies } from './copies.ts';
import { saysAway } from './faults.ts';
import { isMade, migrate } from './migrate.ts';
import { clientOptions, pooled } from './pool.ts';

const AGAIN_MS = 1_000;

/** Who hears what a person should: that the database is waited for, and that a connection was lost. */
export interface Told {
  waiting(sentence: string): void;
  lost(error: Error): void;
}

/** Opens the database, making and migrating its tables as needed. Throws ConfigFault when that is not possible. */
export async function openPostgres(config: DatabaseConfig, told: Told): Promise<Databases> {
  const serverId = await asked(config, told, migrate);
  // Apart from each other, so that a transaction never waits for a read that waits for a transaction.
  const readers = Math.max(1, Math.floor((config.connections - 1) / 2));
  const write = pooled(config.url, config.connections - 1 - readers, told.lost);
  const read = pooled(config.url, readers, told.lost);
  const copies = await sharedCopies(() => connected(config.url, 'driftless copies'), told.lost);
  return {
    write,
    read,
    serverId,
    copies,
    progress: (work) =>
      write.transaction().execute(async (trx) => {
        await sql`set local synchronous_commit = off`.execute(trx);
        return work(trx);
      }),
    close: async () => {
      await copies.close();
      await read.destroy();
      await write.destroy();
    },
  };
}

/** Whether there is a server's data in it. Throws ConfigFault when it cannot be reached. */
export const hasTables = (config: DatabaseConfig, told: Told): Promise<boolean> => asked(config, told, isMade);

/** Asks the database something before a server serves from it. Throws ConfigFault when it cannot be reached. */
export async function asked<T>(
  config: DatabaseConfig,
  told: Told,
  question: (client: Client) => Promise<T>,
): Promise<T> {
  const client = await reached(config, told);
  try {
    return await question(client);
  } finally {
    await client.end();
  }
}

async function connected(url: string, name: string): Promise<Client> {
  const client = new Client(clientOptions(url, name));
  // An error without a listener would end the process; whoever asks the client next hears of it.
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

/** A database that is starting is waited for; what time will not mend is said at once. */
async function reached(config: DatabaseConfig, told: Told): Promise<Client> {
  const address = shownAddress(config.url);
  const until = performance.now() + config.waitMs;
  for (let said = false; ; said = true) {
    try {
      return await connected(config.url, 'driftless');
    } catch (error) {
      if (!saysAway(error)) throw faultOf(error, address);
      if (performance.now() >= until) {
        throw new ConfigFault(
          `The database ${address} cannot be reached (${reasonOf(error)}). Start it, or correct DATABASE_URL, then start again.`,
        );
      }
      if (!said) told.waiting(`Waiting for the database ${address} (${reasonOf(error)}).`);
    }
    await setTimeout(AGAIN_MS);
  }
}

const reasonOf = (error: unknown): string =>
  errorCode(error) ?? (error instanceof Error && error.message !== '' ? error.message : 'no answer');

function faultOf(error: unknown, address: string): unknown {
  switch (errorCode(error)) {
    case '28P01':
    case '28000':
      return new ConfigFault(`The database ${address} refuses the user or the password. Correct DATABASE_URL.`);
    case '3D000':
      return new ConfigFault(`There is no database ${address}. Make it with createdb, or correct DATABASE_URL.`);
    default:
      return new ConfigFault(
        `The database ${address} cannot be used (${error instanceof Error ? error.message : String(error)}). Correct DATABASE_URL.`,
      );
  }
}
