import { renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { EngineError } from '../api.ts';
import { SCHEMA } from './schema.ts';
import type { Seal } from './seal.ts';
import { makeStateFolder } from './stateFolder.ts';

export type StateDatabase = Database.Database;

/** The open state and the lock that keeps a second engine away from it; the lock ends with the process. */
export interface OpenedState {
  readonly db: StateDatabase;
  /** How it keeps its secret; left out: openly. */
  readonly seal?: Seal;
  close(): void;
}

const asCode = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : '');

/** An exclusive transaction on a file of its own: released by the operating system however the process ends. */
function takeLock(stateDir: string): Database.Database {
  try {
    const lock = new Database(join(stateDir, 'lock.db'), { timeout: 0 });
    lock.exec('BEGIN EXCLUSIVE');
    return lock;
  } catch (error) {
    if (asCode(error).startsWith('SQLITE_BUSY')) {
      throw new EngineError(
        'state-in-use',
        `Another Driftless already runs with the state in ${stateDir}: stop it first, or choose another with --state.`,
      );
    }
    throw new EngineError(
      'state-not-writable',
      `The state folder ${stateDir} cannot be written (${asCode(error)}): choose another with --state.`,
    );
  }
}

/**
 * Opens the engine's database in `stateDir`, made if missing. WAL with synchronous NORMAL: a crash of the process
 * loses nothing, a power cut at most the last moments, which a new look at both sides brings back.
 */
export function openState(stateDir: string): OpenedState {
  makeStateFolder(stateDir);
  const lock = takeLock(stateDir);
  try {
    const db = openOrBeginAnew(join(stateDir, 'state.db'));
    return {
      db,
      close() {
        db.close();
        lock.close();
      },
    };
  } catch (error) {
    // Who tries again in this process must not be told that another engine runs.
    lock.close();
    throw error;
  }
}

/**
 * A damaged database is put aside. Everything in it can be found out anew from the folder and the server, without a
 * transfer; what it knew of deletes is gone, so nothing is deleted for its sake.
 */
function openOrBeginAnew(file: string): StateDatabase {
  try {
    return openDatabase(file);
  } catch (error) {
    if (asCode(error) !== 'SQLITE_NOTADB' && !asCode(error).startsWith('SQLITE_CORRUPT')) throw error;
    renameSync(file, `${file}.damaged`);
    for (const beside of ['-wal', '-shm']) rmSync(`${file}${beside}`, { force: true });
    return openDatabase(file);
  }
}

function openDatabase(file: string): StateDatabase {
  const db = new Database(file);
  try {
    db.pragma('journal_mode = WAL');
    db.pragma('synchronous = NORMAL');
    db.pragma('temp_store = MEMORY');
    // A checkpoint syncs on this thread: every 32 MiB instead of every 4.
    db.pragma('wal_autocheckpoint = 8192');
    prepareSchema(db);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** Makes the tables and columns that are not there yet, and has the references between them kept. */
export function prepareSchema(db: StateDatabase): void {
  db.pragma('foreign_keys = ON');
  db.transaction(() => {
    db.exec(SCHEMA);
    const isThere = db.prepare("SELECT 1 FROM pragma_table_info('local') WHERE name = 'change_ns'").get();
    if (!isThere) db.exec('ALTER TABLE local ADD COLUMN change_ns INTEGER NOT NULL DEFAULT 0');
  })();
}
