import { constants } from 'node:fs';
import { copyFile, mkdir, readdir, rename, rm, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import Sqlite from 'better-sqlite3';
import type { Finding } from '../check/finding.ts';
import { ConfigFault } from '../config.ts';
import { isMissing, syncFiles, syncFolder } from '../content/durable.ts';
import { databaseFile } from '../dataFolder.ts';
import type { Databases } from '../db/connect.ts';
import { type BackupManifest, MANIFEST, readManifest } from './layout.ts';
import { checkEmpty, load } from './load.ts';
import { objectsOf } from './objectsOf.ts';
import { verifyBackup } from './verify.ts';

const LANES = 8;

/** What a restore would do; looked at before anything is written. Throws ConfigFault when it must not be done. */
export async function planRestore(
  backup: string,
  data: string,
  postgres: Databases | null = null,
): Promise<BackupManifest> {
  const manifest = await readManifest(backup);
  if (!manifest) {
    throw new ConfigFault(`${backup} is not a whole backup. \`driftless-server backup\` lists those that are.`);
  }
  if ((await contentsOf(data)).length > 0) {
    throw new ConfigFault(`${data} is not empty, and nothing is overwritten. Name an empty folder with --data.`);
  }
  if (postgres) await checkEmpty(postgres);
  return manifest;
}

export interface Restored {
  readonly manifest: BackupManifest;
  /** Empty unless damage was accepted. */
  readonly findings: readonly Finding[];
}

/**
 * Puts a backup into an empty data folder, and into an empty PostgreSQL where that is where rows go. It is put together
 * beside it and read back whole before it takes its name, so what is there afterwards is right or not there. Devices that
 * have seen newer changes notice that the history is another one, and give back what the backup did not hold. Throws ConfigFault, with nothing restored, when it is damaged and
 * `evenDamaged` is not set.
 */
export async function restoreBackup(
  backup: string,
  data: string,
  evenDamaged: boolean,
  postgres: Databases | null = null,
): Promise<Restored> {
  const manifest = await planRestore(backup, data, postgres);
  const fresh = `${data}.restoring`;
  await rm(fresh, { recursive: true, force: true });
  await mkdir(fresh, { recursive: true, mode: 0o700 });
  await copyFile(databaseFile(backup), databaseFile(fresh));
  for (const page of objectsOf(databaseFile(fresh), manifest.bucket === 'copied')) {
    for (const folder of new Set(page.map(({ key }) => dirname(key)))) {
      await mkdir(join(fresh, folder), { recursive: true, mode: 0o700 });
    }
    const queue = page.values();
    const lane = async (): Promise<void> => {
      for (const { key } of queue) await copyIfThere(join(backup, key), join(fresh, key));
    };
    await Promise.all(Array.from({ length: LANES }, lane));
    await syncFiles(page.map(({ key }) => join(fresh, key)));
  }
  await copyFile(join(backup, MANIFEST), join(fresh, MANIFEST));
  const findings = await verifyBackup(fresh, true);
  if (findings.length > 0 && !evenDamaged) {
    await rm(fresh, { recursive: true, force: true });
    throw new ConfigFault(
      `${findings.length === 1 ? 'A file' : `${findings.length} files`} of the backup cannot be restored, so nothing was. Take another backup, or add --even-damaged to restore the rest.`,
    );
  }
  await rm(join(fresh, MANIFEST));
  if (manifest.bucket === 'copied') nowOnDisk(databaseFile(fresh));
  if (postgres) {
    await load(databaseFile(fresh), postgres);
    await rm(databaseFile(fresh));
  } else await syncFiles([databaseFile(fresh)]);
  await rmdir(data).catch((error: unknown) => {
    if (!isMissing(error)) throw error;
  });
  await rename(fresh, data);
  await syncFolder(dirname(data));
  return { manifest, findings };
}

/** What lay in a bucket lies in the data folder now, whatever became of the bucket. */
function nowOnDisk(file: string): void {
  const db = new Sqlite(file);
  try {
    db.prepare(`update objects set store = 'disk' where store = 's3'`).run();
  } finally {
    db.close();
  }
}

/** What the backup lacks is found when it is read back. */
async function copyIfThere(from: string, to: string): Promise<void> {
  try {
    await copyFile(from, to, constants.COPYFILE_FICLONE);
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}

async function contentsOf(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}
