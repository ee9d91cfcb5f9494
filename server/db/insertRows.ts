import { CompiledQuery } from 'kysely';
import { numbered } from './dialect.ts';
import type { Db, Schema } from './schema.ts';

type Row<T extends keyof Schema> = { readonly [C in keyof Schema[T]]?: unknown };

/** Rows per statement: few sizes, so that their prepared statements are always at hand and stay small. */
const STEPS = [64, 8, 1] as const;

/**
 * Inserts any number of rows, 64 a statement. Kysely would build and walk a syntax tree of every value for this; here
 * a statement's text is made once for each shape. `suffix` follows the values, such as `on conflict do nothing`.
 */
export async function insertRows<T extends keyof Schema & string>(
  db: Db,
  table: T,
  columns: readonly (keyof Schema[T] & string)[],
  rows: readonly Row<T>[],
  suffix = '',
): Promise<void> {
  let from = 0;
  for (const step of STEPS) {
    for (; from + step <= rows.length; from += step) {
      const values: unknown[] = [];
      for (const row of rows.slice(from, from + step)) for (const column of columns) values.push(row[column]);
      await db.executeQuery(CompiledQuery.raw(numbered(db, statement(table, columns, step, suffix)), values));
    }
  }
}

const texts = new Map<string, string>();

function statement(table: string, columns: readonly string[], count: number, suffix: string): string {
  const head = `insert into ${table} (${columns.join(', ')}) values `;
  const shape = `${count} ${head}${suffix}`;
  const known = texts.get(shape);
  if (known !== undefined) return known;
  const row = `(${columns.map(() => '?').join(', ')})`;
  const text = `${head}${Array(count).fill(row).join(', ')} ${suffix}`;
  texts.set(shape, text);
  return text;
}
