import Database from 'better-sqlite3';
import { prepareSchema, type StateDatabase } from '../../main/engine/store/database.ts';

/** Databases with all their statements, to be used again: making them anew would cost more than a history. */
const idle: StateDatabase[] = [];

/** All rows of each table. */
export type SavedDatabase = ReadonlyMap<string, readonly unknown[][]>;

/** An empty database in memory. */
export function takeDatabase(): StateDatabase {
  const used = idle.pop();
  if (used) return used;
  const db = new Database(':memory:');
  prepareSchema(db);
  return rememberingStatements(db);
}

export function giveBack(db: StateDatabase): void {
  empty(db);
  idle.push(db);
}

export const save = (db: StateDatabase): SavedDatabase =>
  new Map(
    tablesOf(db).map((table) => {
      const rows = db.prepare(`SELECT * FROM ${table} AS saved`).raw().safeIntegers().all() as unknown[][];
      return [table, rows];
    }),
  );

/** Makes a database what it was when it was saved. */
export function restore(db: StateDatabase, saved: SavedDatabase): void {
  empty(db);
  for (const [table, rows] of saved) {
    for (const row of rows) {
      const values = row.map(() => '?').join(', ');
      db.prepare(`INSERT INTO ${table} VALUES (${values}) -- saved`).run(...row);
    }
  }
}

/** As they were made, which is in an order in which each refers only to earlier ones. */
const tablesOf = (db: StateDatabase): string[] =>
  db.prepare<[], string>("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY rowid").pluck().all();

function empty(db: StateDatabase): void {
  for (const table of tablesOf(db).toReversed()) db.prepare(`DELETE FROM ${table}`).run();
}

function rememberingStatements(db: StateDatabase): StateDatabase {
  const statements = new Map<string, Database.Statement>();
  const prepare = db.prepare.bind(db);
  const remembering = (source: string): Database.Statement => {
    const known = statements.get(source) ?? prepare(source);
    statements.set(source, known);
    return known;
  };
  return Object.assign(db, { prepare: remembering });
}
