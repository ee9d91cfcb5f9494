import { stat } from 'node:fs/promises';
import type { Finding } from '../check/finding.ts';
import { checkObjects } from '../check/objects.ts';
import { isMissing } from '../content/durable.ts';
import { backupReaders } from '../content/readers.ts';
import { databaseFile } from '../dataFolder.ts';
import { openReadOnly } from '../db/sqlite/open.ts';
import { sha256 } from './create.ts';
import { MANIFEST, readManifest } from './layout.ts';

/** What is wrong with a backup: nothing is, when the list is empty. `deep` reads every byte of the stored files. */
export async function verifyBackup(path: string, deep: boolean): Promise<readonly Finding[]> {
  const manifest = await readManifest(path);
  if (!manifest) return [notWhole(MANIFEST, 'missing: the backup did not finish')];
  const file = databaseFile(path);
  if (!(await isThere(file))) return [notWhole('driftless.db', 'missing')];
  if ((await sha256(file)) !== manifest.databaseSha256) return [notWhole('driftless.db', 'not as it was backed up')];
  const db = openReadOnly(file);
  try {
    const found: Finding[] = [];
    for await (const each of checkObjects(db, backupReaders(path, manifest.bucket === 'copied'), deep))
      found.push(each);
    return found;
  } finally {
    await db.destroy();
  }
}

const notWhole = (subject: string, detail: string): Finding => ({ kind: 'backup', userId: null, subject, detail });

async function isThere(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}
