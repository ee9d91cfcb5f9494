import { access, chmod, constants, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { ConfigFault } from './config.ts';
import { errorCode } from './content/durable.ts';

/** Makes the data folder, for its owner only. Throws ConfigFault when that is not possible. */
export async function prepareDataFolder(data: string): Promise<void> {
  try {
    await mkdir(data, { recursive: true, mode: 0o700 });
    await chmod(data, 0o700);
    await access(data, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    const why = REASONS[errorCode(error) ?? ''] ?? 'cannot be used';
    throw new ConfigFault(`The data folder ${data} ${why}. Choose another with --data (or DRIFTLESS_DATA).`);
  }
}

const REASONS: Record<string, string> = {
  EACCES: 'is not writable',
  EPERM: 'is not writable',
  EROFS: 'lies on a read-only file system',
  ENOSPC: 'lies on a full disk',
  ENOTDIR: 'lies below something that is not a folder',
  EEXIST: 'is not a folder',
};

export const databaseFile = (data: string): string => join(data, 'driftless.db');

/**
 * Makes this the one process that serves the folder, until the returned function is called or the process ends however
 * it ends. SQLite's own lock on an empty file does it on every platform, and dies with its holder.
 */
export function lockDataFolder(data: string): () => void {
  const lock = new Sqlite(join(data, 'serving.lock'), { timeout: 0 });
  try {
    lock.pragma('journal_mode = DELETE');
    lock.exec('begin exclusive');
  } catch (error) {
    lock.close();
    if (errorCode(error) !== 'SQLITE_BUSY') throw error;
    throw new ConfigFault(`Another driftless-server already serves ${data}. Stop it, or choose another with --data.`);
  }
  return () => lock.close();
}

/** Whether some process serves the folder at this moment. */
export function isServed(data: string): boolean {
  try {
    lockDataFolder(data)();
    return false;
  } catch (error) {
    if (error instanceof ConfigFault) return true;
    throw error;
  }
}
