import { AGREED_COLUMNS } from './agreedRow.ts';

/**
 * The engine's state. All of it can be rebuilt from the folder and the server, but for the open uploads, which save
 * re-sending, what was sent and not answered, and which folders this device leaves to the server. The root's parent is the empty string, because a
 * primary key and an index want a value. Times in *_ns and inode numbers are 64-bit integers. Run at every start: a table
 * that a newer version adds is made then.
 */
export const SCHEMA = `
CREATE TABLE IF NOT EXISTS settings (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS local (
  id TEXT PRIMARY KEY,
  parent_id TEXT NOT NULL,
  name TEXT NOT NULL,
  name_key TEXT NOT NULL,
  disk_name TEXT NOT NULL,
  kind TEXT NOT NULL,
  size INTEGER NOT NULL,
  mtime_ns INTEGER NOT NULL,
  ino INTEGER NOT NULL,
  dev INTEGER NOT NULL,
  birth_ns INTEGER NOT NULL,
  links INTEGER NOT NULL,
  executable INTEGER NOT NULL,
  content_id TEXT,
  missing_since INTEGER,
  change_ns INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS local_place ON local (parent_id, name_key);
CREATE INDEX IF NOT EXISTS local_identity ON local (ino, dev);
CREATE INDEX IF NOT EXISTS local_missing ON local (missing_since) WHERE missing_since IS NOT NULL;
CREATE INDEX IF NOT EXISTS local_content ON local (content_id) WHERE content_id IS NOT NULL;

CREATE TABLE IF NOT EXISTS remote (
  id TEXT PRIMARY KEY,
  parent_id TEXT NOT NULL,
  name TEXT NOT NULL,
  name_key TEXT NOT NULL,
  kind TEXT NOT NULL,
  state TEXT NOT NULL,
  content_id TEXT,
  size INTEGER NOT NULL,
  mtime_ms INTEGER NOT NULL,
  executable INTEGER NOT NULL,
  content_rev INTEGER NOT NULL,
  place_rev INTEGER NOT NULL,
  meta_rev INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  confirmed INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS remote_place ON remote (parent_id, name_key);

CREATE TABLE IF NOT EXISTS remote_library (id TEXT PRIMARY KEY, fields TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS synced (
${AGREED_COLUMNS}
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS synced_parent ON synced (parent_id);

CREATE TABLE IF NOT EXISTS former (
  n INTEGER PRIMARY KEY,
  id TEXT NOT NULL,
  parent_id TEXT NOT NULL,
  name TEXT NOT NULL,
  content_id TEXT
);
CREATE INDEX IF NOT EXISTS former_id ON former (id);
CREATE TABLE IF NOT EXISTS deleted (
${AGREED_COLUMNS}
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS uploads (
  node_id TEXT PRIMARY KEY,
  head TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS upload_pieces (
  node_id TEXT NOT NULL REFERENCES uploads (node_id) ON DELETE CASCADE,
  piece INTEGER NOT NULL,
  chunks TEXT NOT NULL,
  PRIMARY KEY (node_id, piece)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS moves (from_path TEXT NOT NULL, to_path TEXT NOT NULL);

CREATE TABLE IF NOT EXISTS sent (
  id INTEGER PRIMARY KEY,
  node_id TEXT NOT NULL,
  aspect TEXT NOT NULL,
  change TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS sent_node ON sent (node_id);

CREATE TABLE IF NOT EXISTS cloud_only (id TEXT PRIMARY KEY) WITHOUT ROWID;
`;
