import Sqlite from 'better-sqlite3';
import { errorCode } from './content/durable.ts';

/**
 * Takes a lock that ends with its holder, however that ends; undefined: somebody else has it. Many may share it, which
 * keeps out whoever wants it alone. SQLite's own lock on an empty file does it on every platform.
 */
export function takeLock(path: string, how: 'alone' | 'shared'): (() => void) | undefined {
  const lock = new Sqlite(path, { timeout: 0 });
  try {
    lock.pragma('journal_mode = DELETE');
    lock.exec(how === 'shared' ? 'begin; select count(*) from sqlite_schema' : 'begin exclusive');
  } catch (error) {
    lock.close();
    if (errorCode(error) === 'SQLITE_BUSY') return undefined;
    throw error;
  }
  return () => lock.close();
}
