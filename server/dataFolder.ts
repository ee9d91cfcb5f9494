import { access, chmod, constants, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigFault } from './config.ts';
import { errorCode } from './content/durable.ts';
import type { Where } from './db/open.ts';
import { takeLock } from './fileLock.ts';

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

/** Which database the stored files belong to, where that is not in the folder. */
const ID_FILE = 'server-id';

/**
 * Refuses a folder whose files belong to another database: what that one names would be strays to this one. Throws
 * ConfigFault.
 */
export async function keepToItsDatabase({ data, database }: Where, serverId: string): Promise<void> {
  const path = join(data, ID_FILE);
  const known = await readFile(path, 'utf8').catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  });
  if (database === null) {
    if (known === undefined) return;
    throw new ConfigFault(
      `The files in ${data} belong to a PostgreSQL database. Set DATABASE_URL, or choose another folder with --data.`,
    );
  }
  if (known === undefined && !(await isThere(databaseFile(data)))) return writeFile(path, serverId, { mode: 0o600 });
  if (known === serverId) return;
  throw new ConfigFault(
    known === undefined
      ? `${data} has a database of its own. Bring it into PostgreSQL with a backup and restore, or choose another folder with --data.`
      : `The files in ${data} belong to another database than that of DATABASE_URL. Choose another folder with --data.`,
  );
}

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

/**
 * Makes this the one process that serves the folder, until the returned function is called or the process ends however
 * it ends; or one of several that share its database.
 */
export function lockDataFolder(data: string, shared = false): () => void {
  const unlock = takeLock(join(data, 'serving.lock'), shared ? 'shared' : 'alone');
  if (unlock) return unlock;
  throw new ConfigFault(`Another driftless-server already serves ${data}. Stop it, or choose another with --data.`);
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
