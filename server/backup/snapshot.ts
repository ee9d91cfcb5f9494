import Sqlite from 'better-sqlite3';
import { sql } from 'kysely';
import { databaseFile } from '../dataFolder.ts';
import type { Databases } from '../db/connect.ts';
import { dialectOf } from '../db/dialect.ts';
import { atOneMoment } from '../db/locks.ts';
import { MIGRATIONS } from '../db/migrations.ts';
import type { Db } from '../db/schema.ts';
import { openSqlite } from '../db/sqlite/open.ts';
import { isOwnKey, PAGE, type Table, tablesOf } from './rows.ts';

/**
 * The database as it is at one moment, as a file of SQLite, whatever is written meanwhile and whichever database it is:
 * so a backup of either can be looked at, checked and restored into either. Returns how many migrations it has seen.
 */
export async function snapshot(db: Databases, data: string, to: string): Promise<number> {
  if (dialectOf(db.read) === 'sqlite') return fileSnapshot(databaseFile(data), to);
  await openSqlite(to).close();
  const file = new Sqlite(to);
  try {
    await atOneMoment(db.read, (trx) => fill(file, trx));
  } finally {
    file.close();
  }
  return MIGRATIONS.length;
}

/** One read transaction. */
function fileSnapshot(from: string, to: string): number {
  const source = new Sqlite(from, { readonly: true });
  try {
    source.prepare('vacuum into ?').run(to);
    return Number(source.pragma('user_version', { simple: true }));
  } finally {
    source.close();
  }
}

/** Triggers would count again what is counted, and write the audit once more. */
async function fill(file: Sqlite.Database, trx: Db): Promise<void> {
  file.pragma('foreign_keys = off');
  file.pragma('synchronous = off');
  const triggers = file
    .prepare<[], { name: string; sql: string }>(`select name, sql from sqlite_schema where type = 'trigger'`)
    .all();
  file.exec('begin');
  for (const { name } of triggers) file.exec(`drop trigger ${name}`);
  for (const table of tablesOf(file)) {
    file.exec(`delete from ${table.name}`);
    const insert = file.prepare(
      `insert into ${table.name} (${table.columns.join(', ')}) values (${table.columns.map(() => '?').join(', ')})`,
    );
    for await (const page of pagesOf(trx, table)) {
      for (const row of page) insert.run(table.columns.map((column) => row[column] ?? null));
    }
  }
  file.exec(`delete from search_pending;
    insert into search_pending (user_id, node_id) select user_id, id from nodes where state <> 'purged'`);
  for (const trigger of triggers) file.exec(trigger.sql);
  file.exec('commit');
  file.pragma('journal_mode = DELETE');
}

async function* pagesOf(trx: Db, { name, columns, order }: Table): AsyncGenerator<Record<string, unknown>[]> {
  const wanted = sql.join([...new Set([...columns, ...order])].map((column) => sql.ref(column)));
  const key = sql.join(order.map((column) => sql.ref(column)));
  for (let last: Record<string, unknown> | undefined; ; ) {
    const after = last;
    const beyond = after ? sql`where (${key}) > (${sql.join(order.map((column) => after[column]))})` : sql``;
    const { rows } = await sql<Record<string, unknown>>`select ${wanted} from ${sql.table(name)} ${beyond}
      order by ${key} limit ${PAGE}`.execute(trx);
    if (rows.length === 0) return;
    yield name === 'meta' ? rows.filter(({ key: own }) => !isOwnKey(own)) : rows;
    last = rows.at(-1);
  }
}
