import { rm } from 'node:fs/promises';
import type { UserId } from '../../shared/ids.ts';
import { isOurs } from '../content/s3/owner.ts';
import type { StoredFile } from '../content/store.ts';
import { padded } from '../db/lists.ts';
import { thumbnailsOlderThan } from '../media/thumbnailFile.ts';
import { shownBy } from '../media/thumbnails.ts';
import type { Services } from '../services.ts';
import { removeUnreferenced } from './unreferenced.ts';

/** What no row names stays for so long, in ms: whatever is under way has ended by then. */
const GRACE_MS = 7 * 24 * 3_600_000;
const ROWS_AT_A_TIME = 2_000;

/** Removes stored files that no row names, and objects that nothing shows, once they are older than a week. */
export async function removeOldStrays(services: Services, now: number, stopped: () => boolean): Promise<void> {
  await removeStrayObjects(services, now - GRACE_MS, stopped);
  await removeStrayFiles(services, now - GRACE_MS, stopped);
  await removeStrayThumbnails(services, now - GRACE_MS, stopped);
}

/** Left by a run that was killed between letting go of a node and removing its object, or by rows deleted by hand. */
async function removeStrayObjects(services: Services, before: number, stopped: () => boolean): Promise<void> {
  const { read } = services.db;
  const { last } = await read
    .selectFrom('objects')
    .select((eb) => eb.fn.max<number | null>(eb.ref('rowid' as 'size')).as('last'))
    .executeTakeFirstOrThrow();
  for (let from = 0; from < (last ?? 0) && !stopped(); from += ROWS_AT_A_TIME) {
    const rows = await read
      .selectFrom('objects')
      .select(['user_id', 'content_id'])
      .where((eb) => eb.between(eb.ref('rowid' as 'size'), from + 1, from + ROWS_AT_A_TIME))
      .where('refs', '=', 0)
      .where('created_at', '<', before)
      .execute();
    for (const { user_id, content_id } of rows) {
      await removeUnreferenced(services, user_id as UserId, [{ contentId: content_id, heir: null }]);
    }
  }
}

async function removeStrayFiles(services: Services, before: number, stopped: () => boolean): Promise<void> {
  const { disk, bucket } = services.content;
  const ours = bucket && (await isOurs(bucket.bucket, services.db.serverId));
  for (const store of ours ? [disk, bucket] : [disk]) {
    for await (const files of store.olderThan(before)) {
      if (stopped()) return;
      const named = await namedIn(services, files, store === disk);
      await store.remove(files.filter(({ id }) => !named.has(id)).map(({ key }) => key));
    }
  }
}

/** Left by a run that was killed, or made while their object was going. */
async function removeStrayThumbnails(services: Services, before: number, stopped: () => boolean): Promise<void> {
  for await (const files of thumbnailsOlderThan(services.config.data, before)) {
    if (stopped()) return;
    const named = await namedIn(services, files);
    for (const { id, path, whole } of files) if (!whole || !named.has(id)) await rm(path, { force: true });
  }
  const bucket = services.content.bucket?.bucket;
  if (!bucket || !(await isOurs(bucket, services.db.serverId))) return;
  for await (const page of bucket.list('users/')) {
    if (stopped()) return;
    const files = page.flatMap(({ key, at }) => {
      const id = shownBy(key);
      return id !== undefined && at < before ? [{ key, id }] : [];
    });
    const named = await namedIn(services, files);
    await bucket.remove(files.filter(({ id }) => !named.has(id)).map(({ key }) => key));
  }
}

/**
 * Of these, those that a row names (`onDisk`: as lying there, since what was moved into a bucket may be left behind), be
 * it that of an upload which is about to record its object.
 */
async function namedIn(
  { db }: Services,
  files: readonly Pick<StoredFile, 'id'>[],
  onDisk = false,
): Promise<Set<string>> {
  // A store may well have nothing to show on a page.
  if (files.length === 0) return new Set();
  const ids = padded(files.map(({ id }) => id));
  const rows = await db.read.selectFrom('objects').select(['id', 'store']).where('id', 'in', ids).execute();
  const objects = onDisk ? rows.filter(({ store }) => store !== 's3') : rows;
  const uploads = await db.read.selectFrom('uploads').select('object_id as id').where('state', '=', 'open').execute();
  return new Set([...objects, ...uploads].map(({ id }) => id));
}
