/** The same step on both databases. */
export interface Migration {
  readonly sqlite: string;
  readonly postgres: string;
}

/**
 * A step that makes plain tables and indexes, written for SQLite: for PostgreSQL its types go by their names there, and
 * texts are compared byte by byte. What is more than that, such as a trigger, is written for each.
 */
export const onBoth = (sqlite: string): Migration => ({
  sqlite,
  postgres: sqlite
    .replaceAll(/\) strict(, without rowid)?;/g, ');')
    .replaceAll(/\btext\b/g, 'text collate "C"')
    .replaceAll(/\binteger\b/g, 'bigint')
    .replaceAll(/\bblob\b/g, 'bytea'),
});
