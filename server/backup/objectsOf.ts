import Sqlite from 'better-sqlite3';
import type { ObjectKey } from '../content/store.ts';

export interface ObjectFile {
  readonly store: string;
  readonly key: ObjectKey;
  readonly size: number;
}

/** Rows read at a time: memory does not grow with the library. */
const ROWS = 1_000;

/** Whether a database names objects that lie in a bucket. */
export function namesBucket(databaseFile: string): boolean {
  const db = new Sqlite(databaseFile, { readonly: true });
  try {
    return db.prepare(`select 1 from objects where store = 's3' limit 1`).get() !== undefined;
  } finally {
    db.close();
  }
}

/** The stored files that a database names, in pages; `withBucket`: also what lies in a bucket. The file is only read. */
export function* objectsOf(databaseFile: string, withBucket = false): Generator<readonly ObjectFile[]> {
  const db = new Sqlite(databaseFile, { readonly: true });
  try {
    const page = db.prepare<[string], ObjectFile & { id: string }>(
      `select id, store, key, size from objects where ${withBucket ? 'true' : "store <> 's3'"} and id > ? order by id limit ${ROWS}`,
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
