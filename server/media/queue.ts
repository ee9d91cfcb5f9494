import { join } from 'node:path';
import { sql } from 'kysely';
import type { ContentId, UserId } from '../../shared/ids.ts';
import type { ObjectKey } from '../content/store.ts';
import { insertRows } from '../db/insertRows.ts';
import { padded } from '../db/lists.ts';
import { lockUser } from '../db/locks.ts';
import type { Db } from '../db/schema.ts';
import { beginMediaRun } from './cursor.ts';
import type { Found, Job, Tool } from './found.ts';
import { thumbnailFolder } from './thumbnailFile.ts';

interface Waiting {
  readonly id: string;
  readonly user_id: UserId;
  readonly store: string;
  readonly key: string;
  readonly size: number;
}

/** A job, and where its object lies. */
export interface ToLookAt extends Job {
  readonly userId: UserId;
  readonly store: string;
  readonly key: ObjectKey;
  readonly size: number;
}

/** The next files to look into: those that somebody asks for, then the newest. The queue is what the rows say. */
export async function nextJobs(db: Db, data: string, wanted: Iterable<string>, limit: number): Promise<ToLookAt[]> {
  const asked = [...wanted].slice(0, limit);
  const first = asked.length === 0 ? [] : await select(db, sql`and id in (${sql.join(padded(asked))})`, limit);
  const known = new Set(first.map(({ id }) => id));
  const newest = (await select(db, sql``, limit)).filter(({ id }) => !known.has(id));
  return [...first, ...newest].slice(0, limit).map(({ id, user_id, store, key, size }) => ({
    objectId: id,
    path: join(data, key),
    thumbnails: thumbnailFolder(data, user_id),
    userId: user_id,
    store,
    key,
    size,
  }));
}

async function select(db: Db, which: ReturnType<typeof sql>, limit: number): Promise<Waiting[]> {
  const { rows } = await sql<Waiting>`select id, user_id, store, key, size from objects
    where media_state = 'waiting' ${which} order by rowid desc limit ${limit}`.execute(db);
  return rows;
}

const COLUMNS = [
  ...['user_id', 'content_id', 'n', 'mime', 'width', 'height', 'duration_ms', 'codec', 'taken_at', 'camera'],
  ...['pages', 'blurhash', 'thumbnail', 'reason', 'missing_tool'],
] as const satisfies readonly (keyof import('../db/schema.ts').Schema['media'])[];

/**
 * Writes down what was found. Durable when it resolves: a number that a reader has seen must never come again. An object
 * that is gone meanwhile has no facts. Returns whose facts there are.
 */
export async function settle(db: Db, found: readonly (readonly [objectId: string, found: Found])[]): Promise<UserId[]> {
  const byId = new Map(found);
  if (byId.size === 0) return [];
  return db.transaction().execute(async (trx) => {
    await lockOwners(trx, [...byId.keys()]);
    const { rows } = await sql<{ id: string; user_id: UserId; content_id: ContentId }>`
      update objects set media_state = 'done' where media_state = 'waiting' and id in (${sql.join(padded([...byId.keys()]))})
      returning id, user_id, content_id`.execute(trx);
    const users = Map.groupBy(rows, ({ user_id }) => user_id);
    for (const [userId, objects] of users) {
      let n = await takeNumbers(trx, userId, objects.length);
      const facts = objects.flatMap(({ id, content_id }) => {
        const one = byId.get(id);
        return one ? [{ user_id: userId, content_id, n: n++, ...columnsOf(one) }] : [];
      });
      await insertRows(trx, 'media', COLUMNS, facts);
    }
    return [...users.keys()];
  });
}

/** In the order of their ids, so that two who do this wait in no circle. */
async function lockOwners(trx: Db, objectIds: readonly string[]): Promise<void> {
  const owners = await trx
    .selectFrom('objects')
    .select('user_id')
    .distinct()
    .where('id', 'in', padded(objectIds))
    .orderBy('user_id')
    .execute();
  for (const { user_id } of owners) await lockUser(trx, user_id);
}

/** The first of so many numbers of the user's, which are of this run of the server. */
async function takeNumbers(trx: Db, userId: UserId, count: number): Promise<number> {
  const { rows } = await sql<{ media_head: number }>`update users set media_head = media_head + ${count}
    where id = ${userId} returning media_head`.execute(trx);
  const first = (rows[0]?.media_head ?? 0) - count + 1;
  await beginMediaRun(trx, userId, first);
  return first;
}

const columnsOf = (found: Found) => ({
  mime: found.mime,
  width: found.width ?? null,
  height: found.height ?? null,
  duration_ms: found.durationMs ?? null,
  codec: found.codec ?? null,
  taken_at: found.takenAt ?? null,
  camera: found.camera ?? null,
  pages: found.pages ?? null,
  blurhash: found.blurhash ?? null,
  thumbnail: found.thumbnail ?? 0,
  reason: found.reason ?? null,
  missing_tool: found.missingTool ?? null,
});

/** Counts that a look into it ended the process. Returns how often that has happened. */
export async function countDeath(db: Db, objectId: string): Promise<number> {
  const { rows } = await sql<{ media_attempts: number }>`update objects set media_attempts = media_attempts + 1
    where id = ${objectId} returning media_attempts`.execute(db);
  return rows[0]?.media_attempts ?? 0;
}

/** Lets another look be taken into this object; its facts come again, with a number of their own. */
export async function lookAgain(db: Db, userId: UserId, contentId: ContentId): Promise<void> {
  await db.transaction().execute(async (trx) => {
    await lockUser(trx, userId);
    await trx.deleteFrom('media').where('user_id', '=', userId).where('content_id', '=', contentId).execute();
    await trx
      .updateTable('objects')
      .set({ media_state: 'waiting', media_attempts: 0 })
      .where('user_id', '=', userId)
      .where('content_id', '=', contentId)
      .execute();
  });
}

/** Lets another look be taken into what could not be shown for want of this tool. */
export async function lookAgainWith(db: Db, tool: Tool): Promise<void> {
  const missed = await db
    .selectFrom('media')
    .select(['user_id', 'content_id'])
    .where('missing_tool', '=', tool)
    .execute();
  for (const { user_id, content_id } of missed) await lookAgain(db, user_id, content_id);
}
