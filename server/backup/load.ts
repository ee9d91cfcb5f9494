import Sqlite from 'better-sqlite3';
import { sql } from 'kysely';
import { ConfigFault } from '../config.ts';
import type { Databases } from '../db/connect.ts';
import { insertRows } from '../db/insertRows.ts';
import { MIGRATIONS, TOO_NEW } from '../db/migrations.ts';
import type { Db, Schema } from '../db/schema.ts';
import { isOwnKey, PAGE, type Table, tablesOf } from './rows.ts';

/** Throws ConfigFault when there is something in it already: nothing is overwritten. */
export async function checkEmpty(db: Databases): Promise<void> {
  const user = await db.read.selectFrom('users').select('id').limit(1).executeTakeFirst();
  if (user) {
    throw new ConfigFault(
      'The database of DATABASE_URL is not empty, and nothing is overwritten. Name an empty one in DATABASE_URL.',
    );
  }
}

/** Brings a backup's rows into an empty PostgreSQL, all or none. What the triggers would count is in the rows already. */
export async function load(file: string, db: Databases): Promise<void> {
  const source = new Sqlite(file, { readonly: true });
  try {
    if (Number(source.pragma('user_version', { simple: true })) !== MIGRATIONS.length) throw new ConfigFault(TOO_NEW);
    const tables = tablesOf(source);
    await db.write.transaction().execute(async (trx) => {
      const each = (text: string) => sql.raw(tables.map(({ name }) => `alter table ${name} ${text};`).join('\n'));
      await each('disable trigger user').execute(trx);
      await sql`delete from plans`.execute(trx);
      await sql`delete from meta where key <> 'schema'`.execute(trx);
      for (const table of tables) await copy(source, table, trx);
      await sql`insert into search_pending (user_id, node_id) select user_id, id from nodes
        where state <> 'purged'`.execute(trx);
      await sql`select setval(pg_get_serial_sequence('audit', 'id'), (select max(id) from audit))`.execute(trx);
      // Nothing may be left to be looked at when the triggers come back.
      await sql`set constraints all immediate`.execute(trx);
      await each('enable trigger user').execute(trx);
    });
  } finally {
    source.close();
  }
}

async function copy(source: Sqlite.Database, { name, columns, order }: Table, trx: Db): Promise<void> {
  const wanted = [...new Set([...columns, ...order])].join(', ');
  const text = (beyond: string) => `select ${wanted} from ${name} ${beyond} order by ${order.join(', ')} limit ${PAGE}`;
  const first = source.prepare<unknown[], Record<string, unknown>>(text(''));
  const next = source.prepare<unknown[], Record<string, unknown>>(
    text(`where (${order.join(', ')}) > (${order.map(() => '?').join(', ')})`),
  );
  for (let rows = first.all(); rows.length > 0; rows = next.all(order.map((column) => rows.at(-1)?.[column]))) {
    const wantedRows = name === 'meta' ? rows.filter(({ key }) => !isOwnKey(key)) : rows;
    await insertRows(trx, name as keyof Schema, columns as never, wantedRows as never);
  }
}
