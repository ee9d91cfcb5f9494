import { createHash } from 'node:crypto';
import { constants, createReadStream, createWriteStream } from 'node:fs';
import { copyFile, link, mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ConfigFault } from '../config.ts';
import { errorCode, isMissing, syncFiles, syncFolder } from '../content/durable.ts';
import { hasJournal } from '../content/journal.ts';
import { isNotThere } from '../content/notThere.ts';
import type { ObjectKey, StoreReader } from '../content/store.ts';
import { databaseFile, isServed } from '../dataFolder.ts';
import type { Databases } from '../db/connect.ts';
import { VERSION } from '../version.ts';
import { holdObjects, releaseObjects } from './hold.ts';
import { type Backup, type BackupManifest, backupName, listBackups, MANIFEST } from './layout.ts';
import { namesBucket, objectsOf } from './objectsOf.ts';
import { snapshot } from './snapshot.ts';

const LANES = 8;
/** The hold on stored files is renewed after so many. */
const RENEW_EVERY = 20_000;

/**
 * Makes a backup beside a running server: the database as it is at one moment, then every stored file that it names; what
 * lies in a bucket is only named, unless the bucket is given. What the newest backup in `into` holds already is linked
 * to, so that a daily backup costs what is new that day. Throws ConfigFault when it cannot; nothing unfinished passes for
 * a backup.
 */
export async function createBackup(
  db: Databases,
  data: string,
  into: string,
  now: number,
  bucket: StoreReader | null = null,
): Promise<Backup> {
  await settled(data);
  await prepare(into);
  const name = backupName(now);
  const path = join(into, name);
  const before = (await listBackups(into)).findLast(({ manifest }) => manifest?.serverId === db.serverId);
  await holdObjects(db.write, now);
  try {
    await mkdir(path, { mode: 0o700 });
    const schema = await snapshot(db, data, databaseFile(path));
    const copied = await copyObjects(db, data, path, before?.path, bucket);
    const manifest: BackupManifest = {
      format: 1,
      serverId: db.serverId,
      version: VERSION,
      schema,
      at: now,
      databaseSha256: await sha256(databaseFile(path)),
      bucket: bucket ? 'copied' : namesBucket(databaseFile(path)) ? 'named' : null,
      ...copied,
    };
    await finish(path, manifest);
    return { name, path, manifest };
  } catch (error) {
    await rm(path, { recursive: true, force: true });
    throw faultOf(error, into);
  } finally {
    await releaseObjects(db.write);
  }
}

/** After a crash small files may be in the journal only, until a server has begun to serve again. */
async function settled(data: string): Promise<void> {
  if (isServed(data) || !(await hasJournal(data))) return;
  throw new ConfigFault(
    `The server of ${data} did not end well. Start it once, which completes its files; then back up.`,
  );
}

async function prepare(into: string): Promise<void> {
  try {
    await mkdir(into, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw faultOf(error, into);
  }
}

type Copied = Pick<BackupManifest, 'objects' | 'bytes' | 'newBytes'>;

async function copyObjects(
  db: Databases,
  data: string,
  path: string,
  before: string | undefined,
  bucket: StoreReader | null,
): Promise<Copied> {
  const folders = new Set<string>();
  let objects = 0;
  let bytes = 0;
  let newBytes = 0;
  for (const page of objectsOf(databaseFile(path), bucket !== null)) {
    for (const folder of new Set(page.map(({ key }) => dirname(key)))) {
      if (folders.has(folder)) continue;
      await mkdir(join(path, folder), { recursive: true, mode: 0o700 });
      folders.add(folder);
    }
    const queue = page.values();
    const lane = async (): Promise<void> => {
      for (const { store, key, size } of queue) {
        const known = before !== undefined && (await linked(join(before, key), join(path, key), size));
        if (!known) {
          if (store === 's3') await fetchUnlessGone(bucket, key, size, join(path, key));
          else await copyUnlessGone(join(data, key), join(path, key));
          newBytes += size;
        }
        bytes += size;
        objects += 1;
        if (objects % RENEW_EVERY === 0) await holdObjects(db.write, Date.now());
      }
    };
    await Promise.all(Array.from({ length: LANES }, lane));
    await syncFiles(page.map(({ key }) => join(path, key)));
  }
  return { objects, bytes, newBytes };
}

/** Stored files never change, so one of the right size in an earlier backup is the same. */
async function linked(from: string, to: string, size: number): Promise<boolean> {
  try {
    if ((await stat(from)).size !== size) return false;
    await link(from, to);
    return true;
  } catch {
    // File systems without links, or at their limit of links: it is copied.
    return false;
  }
}

/** A file that the database names and that is not there is what `check` is for; the backup holds all that exists. */
async function copyUnlessGone(from: string, to: string): Promise<void> {
  try {
    await copyFile(from, to, constants.COPYFILE_FICLONE);
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}

async function fetchUnlessGone(from: StoreReader | null, key: ObjectKey, size: number, to: string): Promise<void> {
  try {
    if (from) await pipeline(await from.read(key, 0, size), createWriteStream(to, { mode: 0o600 }));
  } catch (error) {
    if (!isNotThere(error)) throw error;
  }
}

async function finish(path: string, manifest: BackupManifest): Promise<void> {
  const fresh = join(path, `${MANIFEST}.new`);
  await writeFile(fresh, `${JSON.stringify(manifest, null, 2)}\n`, { mode: 0o600 });
  await syncFiles([fresh, databaseFile(path)]);
  await rename(fresh, join(path, MANIFEST));
  await syncFolder(path);
  await syncFolder(dirname(path));
}

export async function sha256(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

function faultOf(error: unknown, into: string): unknown {
  switch (errorCode(error)) {
    case 'ENOSPC':
    case 'EDQUOT':
    case 'SQLITE_FULL':
      return new ConfigFault(`The disk that holds ${into} is full. Free some space there, or name another with --to.`);
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new ConfigFault(`Backups cannot be written to ${into}. Name another folder with --to.`);
    case 'ENOTDIR':
    case 'EEXIST':
      return new ConfigFault(`${into} is not a folder for backups. Name another with --to.`);
    default:
      return error;
  }
}
