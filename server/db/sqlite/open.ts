import { randomUUID } from 'node:crypto';
import { dirname } from 'node:path';
import Sqlite from 'better-sqlite3';
import { Kysely, type SqliteDatabase, SqliteDialect, type SqliteStatement, sql } from 'kysely';
import { fileTypeOf } from '../../../shared/fileTypes.ts';
import { diskReserve } from '../../content/diskRoom.ts';
import { rowMatches } from '../../search/words.ts';
import type { Databases } from '../connect.ts';
import { NO_OTHER_COPIES } from '../copies.ts';
import { MIGRATIONS, TOO_NEW } from '../migrations.ts';
import type { Db, Schema } from '../schema.ts';

/** How long a writer waits for another process (an admin command beside a running server), in ms. */
const BUSY_TIMEOUT_MS = 10_000;

/** Opens the SQLite file, making and migrating it as needed: one connection writes. Throws what SQLite throws. */
export function openSqlite(file: string): Databases {
  const writer = new Sqlite(file, { timeout: BUSY_TIMEOUT_MS });
  try {
    writer.pragma('journal_mode = WAL');
    writer.pragma('synchronous = FULL');
    writer.pragma('foreign_keys = ON');
    writer.pragma(`wal_autocheckpoint = ${walPages(file)}`);
    writer.pragma('cache_size = -32000');
    writer.function('file_type_of', { deterministic: true }, (name) => fileTypeOf(String(name)));
    migrate(writer);
  } catch (error) {
    writer.close();
    throw error;
  }
  const reader = openReader(file);
  const serverId = String(writer.prepare(`select value from meta where key = 'server_id'`).pluck().get());
  const write = kyselyOver(writer);
  const read = kyselyOver(reader);
  return {
    write,
    read,
    serverId,
    copies: NO_OTHER_COPIES,
    progress: (work) =>
      write.connection().execute(async (connection) => {
        await sql`pragma synchronous = normal`.execute(connection);
        try {
          return await connection.transaction().execute(work);
        } finally {
          await sql`pragma synchronous = full`.execute(connection);
        }
      }),
    close: async () => {
      await read.destroy();
      // Kysely closes only what it has used; and the writer goes last, because only it can tidy up the WAL.
      reader.close();
      await write.destroy();
      writer.close();
    },
  };
}

/** A database to look at only, as it is: nothing is migrated. */
export const openReadOnly = (file: string): Db => kyselyOver(openReader(file));

function openReader(file: string): Sqlite.Database {
  const reader = new Sqlite(file, { readonly: true, timeout: BUSY_TIMEOUT_MS });
  reader.pragma('cache_size = -16000');
  reader.function('search_matches', { deterministic: true }, rowMatches);
  return reader;
}

const kyselyOver = (db: Sqlite.Database): Db =>
  new Kysely<Schema>({ dialect: new SqliteDialect({ database: preparing(db) }) });

function migrate(db: Sqlite.Database): void {
  const steps = db.transaction(() => {
    const done = Number(db.pragma('user_version', { simple: true }));
    if (done > MIGRATIONS.length) {
      throw new Error(TOO_NEW);
    }
    for (const { sqlite } of MIGRATIONS.slice(done)) db.exec(sqlite);
    db.pragma(`user_version = ${MIGRATIONS.length}`);
    db.prepare(`insert into meta (key, value) values ('server_id', ?) on conflict do nothing`).run(randomUUID());
  });
  steps.immediate();
}

/**
 * Pages in the write-ahead log before they are brought into the database: 16 MB, or half of what content leaves free on
 * a small disk.
 */
const walPages = (file: string): number =>
  Math.max(16, Math.min(4_000, Math.floor(diskReserve(dirname(file)) / 2 / PAGE_BYTES)));
const PAGE_BYTES = 4_096;

/**
 * SQLite rolls back by itself when the disk is full; a rollback of nothing would fail and hide why. What the log holds
 * is brought into the database then, so that the next transaction finds the log's own room.
 */
function rolledBack(db: Sqlite.Database): SqliteStatement {
  const run = () => {
    try {
      db.pragma('wal_checkpoint(restart)');
    } catch {
      // The disk is as full as it was: whoever asked hears that.
    }
    return { changes: 0, lastInsertRowid: 0 };
  };
  return { reader: false, run, all: () => [], iterate: () => [].values() };
}

/** Statements kept prepared for each connection. */
const STATEMENTS = 300;

/**
 * Keeps prepared statements by their text: Kysely prepares anew at each execution. Transactions begin IMMEDIATE, since
 * one that reads first could not become a writer once another process has written.
 */
function preparing(db: Sqlite.Database): SqliteDatabase {
  const statements = new Map<string, Sqlite.Statement<unknown[]>>();
  return {
    close: () => db.close(),
    prepare: (sql) => {
      if (sql === 'rollback' && !db.inTransaction) return rolledBack(db);
      const text = sql === 'begin' && !db.readonly ? 'begin immediate' : sql;
      const known = statements.get(text);
      if (known) {
        statements.delete(text);
        statements.set(text, known);
        return known;
      }
      const statement = db.prepare<unknown[]>(text);
      statements.set(text, statement);
      if (statements.size > STATEMENTS) {
        const oldest = statements.keys().next().value;
        if (oldest !== undefined) statements.delete(oldest);
      }
      return statement;
    },
  };
}
