import type { Logger } from 'pino';
import type { UserId } from '../../shared/ids.ts';
import type { Stores } from '../content/stores.ts';
import type { Databases } from '../db/connect.ts';
import { type Wakeups, wakeups } from '../feed/wakeups.ts';
import { Calm } from './calm.ts';
import { type Cause, type Death, type Ended, LIMITS, type Limits, MediaChild } from './child.ts';
import type { Found, Job } from './found.ts';
import { hostedLookers, hostPort } from './hosted.ts';
import { lend } from './lend.ts';
import type { Launch } from './looker.ts';
import { countDeath, lookAgainWith, nextJobs, settle, type ToLookAt } from './queue.ts';
import { spawnLooker } from './spawned.ts';
import type { Thumbnails } from './thumbnails.ts';
import { hasTool, mediaTools } from './tools.ts';

/** What looks into stored files, behind everything else. */
export interface Media {
  /** Tells listeners that a user has new facts. */
  readonly facts: Wakeups;
  /** Somebody waits for this object: it is next. */
  want(objectId: string): void;
  /** Begins, or goes on where an earlier run was. */
  start(): void;
  /** Ends the look at hand, which is taken again by the next run. */
  stop(): Promise<void>;
  /** Of the process that looks, while there is one. */
  readonly pid: number | undefined;
}

export interface MediaOptions {
  readonly data: string;
  readonly db: Databases;
  readonly stores: Pick<Stores, 'bucket'>;
  readonly thumbnails: Thumbnails;
  readonly log: Logger;
  /** Calls back whenever something was stored. Returns what ends it. */
  readonly watch: (stored: () => void) => () => void;
  /** Bytes that the disk has room for. */
  readonly room: () => Promise<number>;
  readonly limits?: Limits;
  /** Starts a process that looks. */
  readonly launch?: Launch;
}

const AT_A_TIME = 64;
/** So many copies of the server share the queue; one more looks for work again after the next upload. */
const COPIES = 8;
/** A file that has ended the process so often gets a reason instead of another try. */
const DEATHS_MAX = 2;
/** The process is kept for the next files so long, in ms. */
const KEPT_MS = 20_000;
/** After a fault of the disk or the database, in ms. */
const PAUSE_MS = 60_000;

export function media({
  data,
  db,
  stores,
  thumbnails,
  log,
  watch,
  room,
  limits = LIMITS,
  launch = launcher(),
}: MediaOptions): Media {
  const facts = wakeups(db.copies.channel('media'));
  const calm = new Calm();
  const wanted = new Set<string>();
  let child: MediaChild | undefined;
  let stopped = false;
  let running: Promise<void> = Promise.resolve();
  let unwatch = (): void => undefined;
  /** So many files are taken one at a time, because the process died of one of them and nobody knows which. */
  let suspects = 0;
  /** Of what is being looked at. */
  let owners: ReadonlyMap<string, UserId> = new Map();

  const record = async (found: readonly (readonly [string, Found])[]): Promise<void> => {
    for (const [objectId, { thumbnail }] of found) {
      wanted.delete(objectId);
      const owner = owners.get(objectId);
      if (owner && thumbnail) await thumbnails.takeIn(owner, objectId);
    }
    for (const userId of await settle(db.write, found)) facts.changed(userId);
  };

  const bury = async ({ cause, culprit }: Death, batch: readonly string[]): Promise<void> => {
    child = undefined;
    if (stopped) return;
    const blamed =
      culprit ??
      (batch.length === 1 && batch[0] ? { objectId: batch[0], mime: 'application/octet-stream' } : undefined);
    log.warn({ cause, object: blamed?.objectId }, 'the process that looks into media was ended');
    if (!blamed) suspects = batch.length;
    else if ((await countDeath(db.write, blamed.objectId)) >= DEATHS_MAX) {
      await record([[blamed.objectId, { mime: blamed.mime, reason: REASONS[cause] }]]);
    }
  };

  /** Resolves to whether there was anything to do. */
  const lookAtSome = async (): Promise<boolean> => {
    const { objects, release } = await claimed(suspects > 0 ? 1 : AT_A_TIME);
    if (objects.length === 0) return false;
    try {
      await lookAt(objects);
    } finally {
      await release();
    }
    return true;
  };

  /** The next objects that no other copy of the server has. */
  const claimed = async (most: number): Promise<{ objects: readonly ToLookAt[]; release: () => Promise<void> }> => {
    const next = await nextJobs(db.read, data, wanted, most * COPIES);
    for (let from = 0; from < next.length; from += most) {
      const some = next.slice(from, from + most);
      const claim = await db.copies.claim(
        'media',
        some.map(({ objectId }) => objectId),
      );
      const objects = some.filter(({ objectId }) => claim.ids.has(objectId));
      if (objects.length > 0) return { objects, release: claim.release };
    }
    return { objects: [], release: async () => undefined };
  };

  const lookAt = async (objects: readonly ToLookAt[]): Promise<void> => {
    owners = new Map(objects.map(({ objectId, userId }) => [objectId, userId]));
    if ((await room()) <= 0) throw new Error('The disk has no room for thumbnails.');
    if (!child?.alive) {
      const made = new MediaChild(launch, limits, (line) =>
        log.debug({ process: made.pid, line }, 'the media process says'),
      );
      child = made;
    }
    const lent = await lend(stores, objects);
    const jobs = objects.flatMap(({ objectId, thumbnails: folder }): Job[] => {
      const path = lent.paths.get(objectId);
      return path === undefined ? [] : [{ objectId, path, thumbnails: folder }];
    });
    suspects = Math.max(0, suspects - 1);
    let recording: Promise<unknown> = Promise.resolve();
    const found = (some: readonly (readonly [string, Found])[]): void => {
      recording = recording.then(() => record(some));
      // It is waited for below; until then a failure must not count as unheard.
      recording.catch(() => undefined);
    };
    let end: Ended;
    try {
      end = await child.look(jobs, found);
      await recording;
    } finally {
      await lent.giveBack();
    }
    if (end === 'stuck') throw new Error('Thumbnails cannot be written.');
    if (end !== 'rest')
      await bury(
        end,
        jobs.map(({ objectId }) => objectId),
      );
  };

  const run = async (): Promise<void> => {
    const tools = mediaTools();
    for (const tool of ['ffmpeg', 'poppler'] as const) if (hasTool(tools, tool)) await lookAgainWith(db.write, tool);
    while (!stopped) {
      await calm.come();
      if (stopped) return;
      if (await lookAtSome()) continue;
      wanted.clear();
      if (await calm.anything(KEPT_MS)) continue;
      await child?.end();
      child = undefined;
      await calm.anything();
    }
  };

  const keepRunning = async (): Promise<void> => {
    while (!stopped) {
      await run().catch(async (error: unknown) => {
        if (stopped) return;
        log.error({ err: error }, 'media are looked into later');
        await calm.pause(PAUSE_MS);
      });
    }
  };

  return {
    facts,
    want(objectId) {
      wanted.add(objectId);
      calm.hurry();
    },
    start() {
      unwatch = watch(() => calm.disturb());
      running = keepRunning();
    },
    async stop() {
      stopped = true;
      unwatch();
      calm.stop();
      await child?.end();
      await running;
      await child?.end();
    },
    get pid() {
      return child?.pid;
    },
  };
}

function launcher(): Launch {
  const port = hostPort();
  return port ? hostedLookers(port) : spawnLooker;
}

const REASONS: Record<Cause, string> = {
  time: 'It takes too long to decode.',
  memory: 'It needs too much memory to decode.',
  crash: 'The decoder fails on this file.',
};
