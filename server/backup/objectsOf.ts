import Sqlite from 'better-sqlite3';
import type { ObjectKey } from '../content/store.ts';

export interface ObjectFile {
  readonly key: ObjectKey;
  readonly size: number;
}

/** Rows read at a time: memory does not grow with the library. */
const ROWS = 1_000;

/** The stored files that a database names, in pages. The file is only read. */
export function* objectsOf(databaseFile: string): Generator<readonly ObjectFile[]> {
  const db = new Sqlite(databaseFile, { readonly: true });
  try {
    const page = db.prepare<[string], ObjectFile & { id: string }>(
      `select id, key, size from objects where store = 'disk' and id > ? order by id limit ${ROWS}`,
    );
    for (let after = ''; ; ) {
      const rows = page.all(after);
      if (rows.length === 0) return;
      yield rows;
      after = rows.at(-1)?.id ?? '';
    }
  } finally {
    db.close();
  }
}
