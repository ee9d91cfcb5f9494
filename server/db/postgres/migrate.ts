import { randomUUID } from 'node:crypto';
import type { Client } from 'pg';
import { ConfigFault } from '../../settings/fault.ts';
import { MIGRATIONS, TOO_NEW } from '../migrations.ts';

/** Oldest version that knows all that is asked of it. */
const OLDEST = 130_000;

/** One copy migrates; the others wait for it, and find the work done. Any number that nobody else would think of. */
const LOCK = 4_711_053;

/** Brings the tables to what this version needs, all of it or nothing. Throws ConfigFault. Returns the store's identity. */
export async function migrate(client: Client): Promise<string> {
  await checkServer(client);
  await client.query('begin');
  try {
    await client.query(`select pg_advisory_xact_lock(${LOCK})`);
    const done = await stepsDone(client);
    if (done === undefined) await begin(client);
    if ((done ?? 0) > MIGRATIONS.length) throw new ConfigFault(TOO_NEW);
    for (const { postgres } of MIGRATIONS.slice(done ?? 0)) if (postgres) await client.query(postgres);
    await client.query(
      `insert into meta (key, value) values ('schema', $1), ('server_id', $2)
      on conflict (key) do update set value = case when meta.key = 'schema' then excluded.value else meta.value end`,
      [String(MIGRATIONS.length), randomUUID()],
    );
    await client.query('commit');
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    throw error;
  }
  return serverId(client);
}

/** Whether a server has made its tables here. */
export const isMade = async (client: Client): Promise<boolean> => (await stepsDone(client)) !== undefined;

async function serverId(client: Client): Promise<string> {
  const { rows } = await client.query<{ value: string }>(`select value from meta where key = 'server_id'`);
  return rows[0]?.value ?? '';
}

async function checkServer(client: Client): Promise<void> {
  const { rows } = await client.query<{ version: string; encoding: string }>(
    `select current_setting('server_version_num') as version, current_setting('server_encoding') as encoding`,
  );
  const [found] = rows;
  if (Number(found?.version) < OLDEST) {
    throw new ConfigFault('The PostgreSQL of DATABASE_URL is older than 13. Use a newer one.');
  }
  if (found?.encoding !== 'UTF8') {
    throw new ConfigFault(
      `The database of DATABASE_URL has the encoding ${found?.encoding}. Make one with: createdb --encoding=UTF8 --template=template0`,
    );
  }
}

/** How many steps its tables have seen; undefined: they are not there yet. */
async function stepsDone(client: Client): Promise<number | undefined> {
  const { rows: tables } = await client.query<{ mine: boolean; users: boolean }>(
    `select to_regclass('meta') is not null as mine, to_regclass('users') is not null as users`,
  );
  if (!tables[0]?.mine) {
    if (!tables[0]?.users) return undefined;
    throw new ConfigFault(
      'The database of DATABASE_URL holds tables of something else. Give driftless-server a database of its own.',
    );
  }
  const { rows } = await client.query<{ value: string }>(`select value from meta where key = 'schema'`);
  return rows[0] === undefined ? undefined : Number(rows[0].value);
}

async function begin(client: Client): Promise<void> {
  try {
    await client.query(`create table if not exists meta (
      key text collate "C" primary key, value text collate "C" not null)`);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === '42501') {
      throw new ConfigFault(
        'The user of DATABASE_URL may not make tables in its database. Make the user its owner: ALTER DATABASE name OWNER TO user.',
      );
    }
    throw error;
  }
}
