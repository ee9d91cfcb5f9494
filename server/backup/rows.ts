import type Sqlite from 'better-sqlite3';

/** A table that both databases have, as SQLite describes it. */
export interface Table {
  readonly name: string;
  readonly columns: readonly string[];
  /** What its rows are read in the order of: the row's number where lists break ties by it. */
  readonly order: readonly string[];
}

/** Each makes its own of the search index, and knows by itself what it has done last. */
const OWN = /^(search|sqlite_)/;
const NUMBERED: ReadonlySet<string> = new Set(['nodes', 'objects']);

/** Rows that one page holds. */
export const PAGE = 2_000;

/** The tables in the order of their making, so that none refers to a later one. */
export function tablesOf(db: Sqlite.Database): Table[] {
  const tables = db
    .prepare<[], { name: string }>(`select name from sqlite_schema where type = 'table' order by rowid`)
    .all();
  return tables
    .filter(({ name }) => !OWN.test(name))
    .map(({ name }) => {
      const columns = db
        .prepare<[string], { name: string; pk: number }>('select name, pk from pragma_table_info(?)')
        .all(name);
      const key = columns.filter(({ pk }) => pk > 0).sort((a, b) => a.pk - b.pk);
      return {
        name,
        columns: columns.map((column) => column.name),
        order: NUMBERED.has(name) ? ['rowid'] : key.map((column) => column.name),
      };
    });
}

/** Of a copy of the database another database knows nothing. */
export const isOwnKey = (key: unknown): boolean => key === 'schema' || String(key).startsWith('duty ');
