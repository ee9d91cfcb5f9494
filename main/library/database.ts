import { rmSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';

export type LibraryDatabase = Database.Database;

/** To be counted up with every change of the schema or of what is written into it: then the library is built anew. */
const VERSION = 1;

/** Whether a node is shown, and where. What is gone stays until the next start, for lists that still count it. */
export const LISTED = { gone: 0, live: 1, trashed: 2 } as const;

/**
 * A copy of what the engine knows, ordered for looking at it. All of it can be made again from the engine and the
 * server, but for the outbox; so it need not survive a power cut, and writing it waits for no disk. Each order of the
 * list is an index that holds all that a list is narrowed by.
 */
const SCHEMA = `
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE nodes (
  n INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  parent_id TEXT NOT NULL,
  listed INTEGER NOT NULL,
  file INTEGER NOT NULL,
  name TEXT NOT NULL,
  sort_key TEXT NOT NULL,
  type TEXT NOT NULL,
  size INTEGER NOT NULL,
  modified_at INTEGER NOT NULL,
  added_at INTEGER NOT NULL,
  trashed_at INTEGER,
  favourite INTEGER NOT NULL,
  content_id TEXT,
  standing TEXT NOT NULL,
  tags TEXT NOT NULL,
  words TEXT NOT NULL
);
CREATE INDEX nodes_added ON nodes (listed, file, added_at, type, favourite, modified_at, size);
CREATE INDEX nodes_modified ON nodes (listed, file, modified_at, type, favourite, added_at, size);
CREATE INDEX nodes_name ON nodes (listed, file, sort_key, type, favourite, size);
CREATE INDEX nodes_size ON nodes (listed, file, size, type, favourite);
CREATE INDEX nodes_type ON nodes (listed, file, type, sort_key, favourite, size);
CREATE INDEX nodes_parent ON nodes (parent_id, listed);
CREATE INDEX nodes_content ON nodes (content_id) WHERE content_id IS NOT NULL;
CREATE INDEX nodes_favourite ON nodes (added_at) WHERE favourite = 1;

CREATE TABLE tags (key TEXT NOT NULL, n INTEGER NOT NULL, tag TEXT NOT NULL, PRIMARY KEY (key, n)) WITHOUT ROWID;
CREATE INDEX tags_node ON tags (n);
CREATE VIRTUAL TABLE words USING fts5 (text, content = '', contentless_delete = 1, tokenize = 'trigram');

CREATE TABLE media (
  content_id TEXT PRIMARY KEY,
  thumbnail INTEGER NOT NULL,
  blurhash TEXT,
  width INTEGER,
  height INTEGER,
  duration_ms INTEGER,
  mime TEXT NOT NULL,
  codec TEXT,
  taken_at INTEGER,
  camera TEXT,
  pages INTEGER,
  reason TEXT
) WITHOUT ROWID;
`;

/** What people said while the server could not hear it. A file of its own, because nobody else knows it. */
const OUTBOX_SCHEMA = `
CREATE TABLE IF NOT EXISTS outbox (n INTEGER PRIMARY KEY, node_id TEXT NOT NULL, change TEXT NOT NULL);
`;

/** Opens the library in the engine's state folder; one of another version, or a damaged one, is made anew. */
export function openLibraryDatabase(stateDir: string): LibraryDatabase {
  const file = join(stateDir, 'library.db');
  const db = opened(file) ?? madeAnew(file);
  db.pragma('cache_size = -65536');
  db.pragma('temp_store = MEMORY');
  return db;
}

export function openOutboxDatabase(stateDir: string): LibraryDatabase {
  const db = new Database(join(stateDir, 'outbox.db'));
  db.pragma('journal_mode = WAL');
  db.exec(OUTBOX_SCHEMA);
  return db;
}

function opened(file: string): LibraryDatabase | undefined {
  let db: LibraryDatabase | undefined;
  try {
    db = new Database(file, { fileMustExist: true });
    careless(db);
    if (db.pragma('user_version', { simple: true }) === VERSION) return db;
  } catch {
    // Not there, or no database: it is made anew in either case.
  }
  db?.close();
  return undefined;
}

function madeAnew(file: string): LibraryDatabase {
  for (const beside of ['', '-wal', '-shm']) rmSync(`${file}${beside}`, { force: true });
  const db = new Database(file);
  careless(db);
  db.transaction(() => {
    db.exec(SCHEMA);
    db.pragma(`user_version = ${VERSION}`);
  })();
  return db;
}

function careless(db: LibraryDatabase): void {
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = OFF');
}
