import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { isMissing } from '../content/durable.ts';

/**
 * A backup is a folder laid out like a data folder, so that looking at it, checking it and restoring it need no format of
 * its own: the database as it was at one moment, and the stored files that it names. `backup.json` is
 * written last: a folder without it is a backup that did not finish.
 */
export const MANIFEST = 'backup.json';

export const BackupManifest = z.object({
  format: z.literal(1),
  serverId: z.string(),
  version: z.string().describe('Of the program that made it'),
  schema: z.number().int().describe('How many migrations its database has seen'),
  /** Unix ms of the moment that the backup shows. */
  at: z.number().int(),
  databaseSha256: z.string(),
  objects: z.number().int(),
  bytes: z.number().int(),
  /** What lies in a bucket is copied, or only named and left to the bucket; null: nothing does. */
  bucket: z.enum(['copied', 'named']).nullable().default(null),
  /** Bytes that earlier backups did not hold. */
  newBytes: z.number().int(),
});
export type BackupManifest = z.infer<typeof BackupManifest>;

export interface Backup {
  /** Its folder's name, which begins with the moment: names sort by age. */
  readonly name: string;
  readonly path: string;
  /** null: it did not finish. */
  readonly manifest: BackupManifest | null;
}

const NAME = /^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-\d{3}Z$/;

export const backupName = (at: number): string => new Date(at).toISOString().replaceAll(/[:.]/g, '-');

/** The backups in a folder, oldest first; whatever else lies there is somebody else's. */
export async function listBackups(folder: string): Promise<Backup[]> {
  const names = (await namesIn(folder)).filter((name) => NAME.test(name)).sort();
  return Promise.all(
    names.map(async (name) => {
      const path = join(folder, name);
      return { name, path, manifest: await readManifest(path) };
    }),
  );
}

/** null where there is none, or one that cannot be read. */
export async function readManifest(backup: string): Promise<BackupManifest | null> {
  try {
    const read = BackupManifest.safeParse(JSON.parse(await readFile(join(backup, MANIFEST), 'utf8')));
    return read.success ? read.data : null;
  } catch (error) {
    if (isMissing(error) || error instanceof SyntaxError) return null;
    throw error;
  }
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}
