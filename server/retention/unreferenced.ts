import { sql } from 'kysely';
import type { ChunkHash, ContentId, UserId } from '../../shared/ids.ts';
import { objectsHeld } from '../backup/hold.ts';
import { decodeChunkList } from '../content/chunkList.ts';
import { objectsIn } from '../db/dialect.ts';
import { padded } from '../db/lists.ts';
import { lockUser } from '../db/locks.ts';
import type { Db } from '../db/schema.ts';
import type { Services } from '../services.ts';
import type { Released } from './purge.ts';

/** Objects, and chunks, that one transaction touches. */
const OBJECTS_AT_A_TIME = 500;
const CHUNKS_AT_A_TIME = 1_000;

/** Removes the objects of released contents that no node and no version shows any more. Returns the bytes freed. */
export async function removeUnreferenced(
  services: Services,
  userId: UserId,
  released: readonly Released[],
): Promise<number> {
  const heirs = [...new Map(released.map(({ contentId, heir }) => [contentId, heir]))];
  let freed = 0;
  for (let from = 0; from < heirs.length; from += OBJECTS_AT_A_TIME) {
    freed += await removeSome(services, userId, new Map(heirs.slice(from, from + OBJECTS_AT_A_TIME)));
  }
  return freed;
}

/** The chunks first, little by little: should that be cut short, the objects are only less known. */
async function removeSome(
  services: Services,
  userId: UserId,
  heirs: ReadonlyMap<ContentId, ContentId | null>,
): Promise<number> {
  const { db, content } = services;
  const candidates = await unreferenced(db.read, userId, [...heirs.keys()]);
  if (candidates.length === 0) return 0;
  for (const object of candidates) {
    const heir = heirs.get(object.content_id);
    await handOnChunks(services, userId, object, heir ? await objectOf(db.read, userId, heir) : undefined);
  }
  const removed = await db.write.transaction().execute(async (trx) => {
    await lockUser(trx, userId);
    if (await objectsHeld(trx, Date.now())) return [];
    // Somebody may have stored the same content, or begun to copy from it, since.
    const still = new Set((await unreferenced(trx, userId, [...heirs.keys()])).map(({ id }) => id));
    const rows = candidates.filter(({ id }) => still.has(id));
    const ids = padded(rows.map(({ id }) => id));
    if (ids.length > 0) await trx.deleteFrom('objects').where('id', 'in', ids).execute();
    return rows;
  });
  await content.remove(removed);
  await services.thumbnails.remove(
    userId,
    removed.map(({ id }) => id),
  );
  return removed.reduce((sum, { size }) => sum + size, 0);
}

type StoredObject = NonNullable<Awaited<ReturnType<typeof objectOf>>>;

const objectsOf = (db: Db, userId: UserId) =>
  db
    .selectFrom('objects')
    .select(['id', 'content_id', 'store', 'key', 'size', 'chunk_list'])
    .where('user_id', '=', userId);

const objectOf = (db: Db, userId: UserId, contentId: ContentId) =>
  objectsOf(db, userId).where('content_id', '=', contentId).executeTakeFirst();

/** Of these contents, the objects that nothing shows and that no open upload copies from. */
async function unreferenced(db: Db, userId: UserId, contentIds: readonly ContentId[]): Promise<StoredObject[]> {
  const { rows } = await sql<{ id: string }>`select distinct t.value ->> 'objectId' as id
    from upload_parts p, ${objectsIn(db, sql`p.copies`)} where p.copies <> '[]'`.execute(db);
  const pinned = new Set(rows.map(({ id }) => id));
  const objects = await objectsOf(db, userId)
    .where('content_id', 'in', padded(contentIds))
    .where('refs', '=', 0)
    .execute();
  return objects.filter(({ id }) => !pinned.has(id));
}

/** Chunks that the heir holds as well are found there from now on: else the next small edit would send them all again. */
async function handOnChunks(
  services: Services,
  userId: UserId,
  object: StoredObject,
  heir: StoredObject | undefined,
): Promise<void> {
  const places = heir ? placesIn(heir) : new Map<ChunkHash, number>();
  const hashes = [...placesIn(object).keys()];
  for (let from = 0; from < hashes.length; from += CHUNKS_AT_A_TIME) {
    const some = hashes.slice(from, from + CHUNKS_AT_A_TIME);
    const dropped = some.filter((hash) => !places.has(hash));
    await services.db.progress(async (trx) => {
      await lockUser(trx, userId);
      if (dropped.length > 0) {
        await sql`delete from chunks where user_id = ${userId} and object_id = ${object.id}
          and hash in (${sql.join(padded(dropped))})`.execute(trx);
      }
      for (const hash of some) {
        const position = places.get(hash);
        if (!heir || position === undefined) continue;
        await sql`update chunks set object_id = ${heir.id}, position = ${position}
          where user_id = ${userId} and hash = ${hash} and object_id = ${object.id}`.execute(trx);
      }
    });
  }
}

function placesIn({ chunk_list }: StoredObject): Map<ChunkHash, number> {
  const places = new Map<ChunkHash, number>();
  let position = 0;
  for (const [hash, length] of decodeChunkList(chunk_list)) {
    if (!places.has(hash)) places.set(hash, position);
    position += length;
  }
  return places;
}
