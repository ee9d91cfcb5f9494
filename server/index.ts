import { resolve } from 'node:path';
import { destination, type Logger, pino } from 'pino';
import type { UserId } from '../shared/ids.ts';
import { buildApp } from './app.ts';
import { bearers } from './auth/bearers.ts';
import { clerkSignIn } from './auth/clerk.ts';
import { revocations } from './auth/revocations.ts';
import { addUser, DEFAULT_PLAN } from './auth/users.ts';
import { type Clock, systemClock } from './clock.ts';
import { type Config, ConfigFault, readConfig } from './config.ts';
import { diskRoom } from './content/diskRoom.ts';
import { errorCode } from './content/durable.ts';
import { isOurs } from './content/s3/owner.ts';
import { openStores } from './content/stores.ts';
import { keepToItsDatabase, lockDataFolder, prepareDataFolder } from './dataFolder.ts';
import type { Databases } from './db/connect.ts';
import type { Copies } from './db/copies.ts';
import { padded } from './db/lists.ts';
import { openDatabases } from './db/open.ts';
import { isDiskFull } from './diskFull.ts';
import { wakeups } from './feed/wakeups.ts';
import { keepHouse } from './housekeeping.ts';
import { loadTls, type Tls } from './http/tls.ts';
import { linkSigner } from './links/token.ts';
import { media } from './media/media.ts';
import { thumbnailsOf } from './media/thumbnails.ts';
import { setPlanQuota } from './quota/plans.ts';
import { screenFor } from './screening/screen.ts';
import { searchIndexer } from './search/indexer.ts';
import type { Services } from './services.ts';
import { checkExposure } from './settings/transport.ts';
import { beginRun } from './tree/sequence.ts';
import { stagingBook } from './uploads/book.ts';
import { DiskClaims } from './uploads/claims.ts';
import { removeStrays } from './uploads/end.ts';
import { LiveUploads } from './uploads/taking.ts';

/** A server that serves. */
export interface RunningServer {
  readonly url: string;
  readonly port: number;
  /** Stops accepting, ends event streams, lets running requests end (10 s at most), closes the database. */
  close(): Promise<void>;
  /** Does the work of all copies of this server, unless another is at it. */
  readonly alone: Copies['alone'];
  /** Makes a user; the token enrols devices and is good as a bearer. */
  addUser(name: string, plan?: string): Promise<{ id: UserId; token: string }>;
}

/** Starts with the defaults for everything not given. Throws ConfigFault with a sentence when it cannot. */
export const startServer = (
  options: { readonly data: string; readonly port: number } & Partial<Config>,
  clock: Clock = systemClock,
): Promise<RunningServer> => start({ ...readConfig({}, {}), ...options, data: resolve(options.data) }, clock);

const DRAIN_MS = 10_000;

/** Opens the data folder, listens, and returns once requests are answered. */
export async function start(config: Config, clock: Clock = systemClock): Promise<RunningServer> {
  try {
    return await open(config, clock);
  } catch (error) {
    if (!isDiskFull(error)) throw error;
    throw new ConfigFault(`The disk that holds ${config.data} is full. Free some space there, then start again.`);
  }
}

async function open(config: Config, clock: Clock): Promise<RunningServer> {
  checkExposure(config.host, config.transport);
  const tls = await loadTls(config.transport);
  await prepareDataFolder(config.data);
  const unlock = lockDataFolder(config.data, config.database !== null);
  try {
    const services = await openServices(config, clock);
    try {
      await refuseForeignBucket(services);
      return await serve(services, tls, unlock);
    } catch (error) {
      await services.search.stop();
      await services.content.close();
      await services.db.close();
      throw error;
    }
  } catch (error) {
    unlock();
    throw error;
  }
}

/** A lost connection is made again by itself: the log says it, requests meanwhile hear that the database is away. */
const databaseTold = (log: Logger) => ({
  waiting: (sentence: string): void => void process.stderr.write(`${sentence}\n`),
  lost: (error: Error): void => log.warn({ err: error }, 'a connection to the database was lost'),
});

/** One that does not answer now is looked at again before anything is let go of there. */
async function refuseForeignBucket({ config: { s3 }, content, db }: Services): Promise<void> {
  if (!content.bucket || (await isOurs(content.bucket.bucket, db.serverId).catch(() => true))) return;
  throw new ConfigFault(
    `The bucket ${s3?.bucket} holds the files of another server. Give this one a bucket of its own, or another S3_PREFIX.`,
  );
}

async function openServices(config: Config, clock: Clock): Promise<Services> {
  const log = pino({ level: config.logLevel }, destination({ fd: 2, sync: true }));
  const db = await openDatabases(config, databaseTold(log));
  await keepToItsDatabase(config, db.serverId);
  const content = await openStores({
    data: config.data,
    shared: config.database !== null,
    s3: config.s3,
    book: stagingBook(db),
    recorded: (keys) => recordedKeys(db, keys),
    fault: (error) => log.error({ err: error }, 'content could not be brought to where it is stored, or removed there'),
  });
  const room = (): Promise<number> => diskRoom(config.data);
  const search = searchIndexer(db, log, room);
  const changes = wakeups(db.copies.channel('tree'));
  changes.watch(search.nudge);
  const thumbnails = thumbnailsOf(config.data, content.bucket?.bucket ?? null);
  const revoked = revocations(db.read, db.copies.channel('revocations'));
  return {
    config,
    db,
    content,
    log,
    clock,
    bearers: bearers(db.read, revoked, config.clerk && (await clerkSignIn(db, config.clerk))),
    revocations: revoked,
    search,
    links: await linkSigner(db.write),
    screen: await screenFor(config.screening, db.write),
    wakeups: changes,
    media: media({ data: config.data, db, stores: content, thumbnails, log, watch: changes.watch, room }),
    thumbnails,
    uploads: new LiveUploads(db.copies),
    claims: new DiskClaims(content.main),
  };
}

async function recordedKeys(db: Databases, keys: readonly string[]): Promise<Set<string>> {
  const found = new Set<string>();
  for (let from = 0; from < keys.length; from += 1_000) {
    const some = padded(keys.slice(from, from + 1_000));
    const objects = await db.read.selectFrom('objects').select('key').where('key', 'in', some).execute();
    const apart = await db.read.selectFrom('quarantine').select('key').where('key', 'in', some).execute();
    for (const { key } of [...objects, ...apart]) if (key !== null) found.add(key);
  }
  return found;
}

async function serve(services: Services, tls: Tls | null, unlock: () => void): Promise<RunningServer> {
  const { config, db, clock, log } = services;
  await beginRun(db.write);
  // It may have come back as an earlier one, as when a replica took over: then another history begins here.
  db.copies.channel('tree').hear((text) => {
    if (text === null) beginRun(db.write).catch((error: unknown) => log.warn({ err: error }, 'no new run was begun'));
  });
  if (config.defaultQuotaBytes !== undefined) await setPlanQuota(db.write, DEFAULT_PLAN, config.defaultQuotaBytes);
  await removeStrays(services);
  const house = await keepHouse(services, clock);
  const app = await buildApp(services, tls);
  try {
    await app.listen({ port: config.port, host: config.host });
  } catch (error) {
    await house.stop();
    throw listenFault(error, config);
  }
  services.media.start();
  const address = app.server.address();
  const port = typeof address === 'object' && address ? address.port : config.port;
  const close = async (): Promise<void> => {
    const tidy = house.stop();
    // A connection whose last answer ends only now would be kept alive, and the server with it.
    const idle = setInterval(() => app.server.closeIdleConnections(), 50);
    const impatient = setTimeout(() => app.server.closeAllConnections(), DRAIN_MS);
    await app.close();
    clearTimeout(impatient);
    clearInterval(idle);
    await tidy;
    await services.search.stop();
    await services.media.stop();
    // Ends the hashing of what was staged before, which an upload's first request may still wait for.
    await services.content.close();
    for (const live of services.uploads.values()) await (await live.catch(() => undefined))?.copies.stop();
    await db.close();
    unlock();
  };
  let closing: Promise<void> | undefined;
  return {
    url: `${tls ? 'https' : 'http'}://${config.host.includes(':') ? `[${config.host}]` : config.host}:${port}`,
    port,
    close: () => {
      closing ??= close();
      return closing;
    },
    alone: db.copies.alone,
    addUser: async (name, plan = 'free') => {
      const { id, token } = await addUser(db.write, name, plan, 'user');
      return { id, token };
    },
  };
}

function listenFault(error: unknown, { host, port }: Config): unknown {
  switch (errorCode(error)) {
    case 'EADDRINUSE':
      return new ConfigFault(`Port ${port} is in use on ${host}. Choose another with --port (or PORT).`);
    case 'EACCES':
      return new ConfigFault(`Port ${port} needs more rights than this user has. Choose one above 1023 with --port.`);
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new ConfigFault(`"${host}" is not an address of this computer. Choose another with --host.`);
    default:
      return error;
  }
}
