import {
  CompiledQuery,
  type DatabaseConnection,
  type Driver,
  Kysely,
  PostgresDialect,
  PostgresDriver,
  type TransactionBuilder,
} from 'kysely';
import { Pool } from 'pg';
import type { Schema } from '../schema.ts';
import { isInTheWay, orAway } from './faults.ts';
import { readers } from './numbers.ts';

/** A request waits so long for a connection, in ms, as for its turn; then it hears that the database is away. */
const CONNECT_MS = 30_000;
const IDLE_MS = 30_000;

/** Nobody may hold a lock while nothing happens, or wait for one for ever. */
const SESSION = `set idle_in_transaction_session_timeout = '60s'; set lock_timeout = '30s'; set client_min_messages = warning`;

export const clientOptions = (url: string, name: string) => ({
  connectionString: url,
  application_name: name,
  types: readers,
  connectionTimeoutMillis: CONNECT_MS,
  keepAlive: true,
});

/** A pool of so many connections, behind Kysely. `quiet` hears of idle connections that were lost: they are replaced. */
export function pooled(url: string, connections: number, quiet: (error: Error) => void): Kysely<Schema> {
  const pool = new Pool({ ...clientOptions(url, 'driftless'), max: connections, idleTimeoutMillis: IDLE_MS });
  pool.on('error', quiet);
  // One that is lost while it is used, but between two statements, would end the process: the next statement tells.
  pool.on('connect', (client) => client.on('error', () => undefined));
  const dialect = new PostgresDialect({ pool });
  return new RepeatingKysely({
    dialect: {
      createAdapter: () => dialect.createAdapter(),
      createDriver: () => new WatchedDriver({ pool, onCreateConnection: prepare }),
      createIntrospector: (db) => dialect.createIntrospector(db),
      createQueryCompiler: () => dialect.createQueryCompiler(),
    },
  });
}

const prepare = async (connection: DatabaseConnection): Promise<void> => {
  await connection.executeQuery(CompiledQuery.raw(SESSION));
};

/** Tells a database that is away from one that refuses a statement. */
class WatchedDriver extends PostgresDriver implements Driver {
  readonly #watched = new WeakSet<DatabaseConnection>();

  override async acquireConnection(...options: Parameters<PostgresDriver['acquireConnection']>) {
    const connection = await orAway(super.acquireConnection(...options));
    if (!this.#watched.has(connection)) {
      const execute = connection.executeQuery.bind(connection);
      connection.executeQuery = (query, ...more) => orAway(execute(storable(query), ...more));
      this.#watched.add(connection);
    }
    return connection;
  }
}

const NUL = '\u0000';

/** PostgreSQL has no texts with this character, and would refuse to look for one: what holds it is nowhere. */
function storable(query: CompiledQuery): CompiledQuery {
  const isUnknown = (value: unknown): value is string => typeof value === 'string' && value.includes(NUL);
  if (!query.parameters.some(isUnknown)) return query;
  const parameters = query.parameters.map((value) => (isUnknown(value) ? value.replaceAll(NUL, '\ufffd') : value));
  return { ...query, parameters };
}

/** Tries of a transaction that others are in the way of. Locks are taken in one order, so that this is rare. */
const TRIES = 5;

/** Begins a transaction again that others were in the way of: a deadlock is nobody's fault, and no request's end. */
class RepeatingKysely extends Kysely<Schema> {
  override transaction(): TransactionBuilder<Schema> {
    const builder = super.transaction();
    const once = builder.execute.bind(builder);
    builder.execute = async (work) => {
      for (let tried = 1; ; tried += 1) {
        try {
          return await once(work);
        } catch (error) {
          if (tried === TRIES || !isInTheWay(error)) throw error;
        }
      }
    };
    return builder;
  }
}
