import { stat } from 'node:fs/promises';
import Sqlite from 'better-sqlite3';
import { formatBytes } from '../../shared/bytes.ts';
import { listBackups } from '../backup/layout.ts';
import { diskReserve, diskRoom } from '../content/diskRoom.ts';
import { isMissing } from '../content/durable.ts';
import { databaseFile, isServed } from '../dataFolder.ts';
import { mediaTools } from '../media/tools.ts';
import { type DatabaseConfig, shownAddress } from '../settings/database.ts';
import { ConfigFault } from '../settings/fault.ts';
import type { S3Config } from '../settings/s3.ts';
import { examineBucket } from './bucket.ts';

/** One thing that was looked at: `detail` is a sentence, with a next step unless all is well. */
export interface Diagnosis {
  readonly subject: string;
  readonly state: 'good' | 'weak' | 'bad';
  readonly detail: string;
}

export interface Circumstances {
  readonly data: string;
  /** null: the database is in the data folder. */
  readonly database?: DatabaseConfig | null;
  /** Where backups are said to lie; null: nowhere. */
  readonly backups: string | null;
  readonly now: number;
  readonly s3: S3Config | null;
}

const NODE_MAJOR = 24;
const BACKUP_AGE_MS = 48 * 3_600_000;

/** Looks at everything that a server needs to serve well, and changes nothing but for objects of its own in a bucket. */
export async function examineServer(circumstances: Circumstances): Promise<Diagnosis[]> {
  const { data, database: postgres = null } = circumstances;
  const folder = await dataFolder(data, postgres === null ? databaseFile(data) : data);
  const there = folder.state !== 'bad';
  return [
    runtime(process.versions.node),
    folder,
    ...(there ? [await room(data), postgres ? await remoteDatabase(postgres) : database(data), serving(data)] : []),
    await backups(circumstances),
    ...(circumstances.s3 ? await examineBucket(circumstances.s3) : []),
    media(),
  ];
}

function runtime(version: string): Diagnosis {
  const good = Number.parseInt(version, 10) >= NODE_MAJOR;
  const detail = good ? `Node ${version}.` : `Node ${version} is too old. Install Node ${NODE_MAJOR} or newer.`;
  return { subject: 'runtime', state: good ? 'good' : 'bad', detail };
}

async function dataFolder(data: string, proof: string): Promise<Diagnosis> {
  const subject = 'data folder';
  try {
    const { mode } = await stat(proof).then(() => stat(data));
    if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
      const detail = `Others on this computer can look into ${data}. Close it to them with: chmod 700 ${data}`;
      return { subject, state: 'weak', detail };
    }
    return { subject, state: 'good', detail: `${data}.` };
  } catch (error) {
    if (!isMissing(error)) throw error;
    const detail = `There is no server's data in ${data}. Name its folder with --data, or start a server to make it.`;
    return { subject, state: 'bad', detail };
  }
}

async function room(data: string): Promise<Diagnosis> {
  const free = await diskRoom(data);
  const subject = 'disk';
  const detail = `${formatBytes(Math.max(0, free))} are free for content.`;
  if (free <= 0) return { subject, state: 'bad', detail: `${detail} Free some space, or move the data folder.` };
  if (free < 10 * diskReserve(data)) return { subject, state: 'weak', detail: `${detail} Make room soon.` };
  return { subject, state: 'good', detail };
}

function database(data: string): Diagnosis {
  const subject = 'database';
  try {
    const db = new Sqlite(databaseFile(data), { readonly: true });
    try {
      const answer = String(db.pragma('quick_check(1)', { simple: true }));
      if (answer === 'ok') return { subject, state: 'good', detail: 'It is sound.' };
      return { subject, state: 'bad', detail: `It is damaged (${answer}). Stop the server and restore a backup.` };
    } finally {
      db.close();
    }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { subject, state: 'bad', detail: `It cannot be read (${why}). Stop the server and restore a backup.` };
  }
}

/** A reachable one looks after its own pages; that the connections of a server fit is what people forget. */
async function remoteDatabase(config: DatabaseConfig): Promise<Diagnosis> {
  const subject = 'database';
  const { lookAt } = await import('../db/postgres/look.ts');
  try {
    const { version, most, used } = await lookAt({ ...config, waitMs: 0 });
    const detail = `PostgreSQL ${version} at ${shownAddress(config.url)}, ${used} of ${most} connections in use.`;
    if (most - used >= config.connections) return { subject, state: 'good', detail };
    return { subject, state: 'weak', detail: `${detail} Raise max_connections there, or lower DATABASE_CONNECTIONS.` };
  } catch (error) {
    if (!(error instanceof ConfigFault)) throw error;
    return { subject, state: 'bad', detail: error.message };
  }
}

const serving = (data: string): Diagnosis => ({
  subject: 'server',
  state: 'good',
  detail: isServed(data) ? 'It is running.' : 'It is not running at this moment.',
});

async function backups({ backups: folder, now }: Circumstances): Promise<Diagnosis> {
  const subject = 'backups';
  if (folder === null) {
    const detail =
      'There are none that this command knows of. Name their folder with --backups (or DRIFTLESS_BACKUPS).';
    return { subject, state: 'weak', detail };
  }
  const newest = (await listBackups(folder)).findLast(({ manifest }) => manifest !== null)?.manifest;
  if (!newest) {
    return { subject, state: 'weak', detail: `There is none in ${folder}. Make one: driftless-server backup create.` };
  }
  const hours = Math.floor((now - newest.at) / 3_600_000);
  const detail = `The newest is ${hours} h old.`;
  if (now - newest.at < BACKUP_AGE_MS) return { subject, state: 'good', detail };
  return { subject, state: 'weak', detail: `${detail} Make one: driftless-server backup create.` };
}

function media(): Diagnosis {
  const tools = mediaTools();
  const missing = Object.entries(tools).flatMap(([tool, path]) => (path ? [] : [tool]));
  if (missing.length === 0) return { subject: 'media', state: 'good', detail: 'Everything for thumbnails is there.' };
  const detail = `Some files get no thumbnail without ${missing.join(', ')}. On Debian: apt-get install ffmpeg poppler-utils`;
  return { subject: 'media', state: 'weak', detail };
}
