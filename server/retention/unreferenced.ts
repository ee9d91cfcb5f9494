import { sql } from 'kysely';
import type { ChunkHash, ContentId, UserId } from '../../shared/ids.ts';
import { decodeChunkList } from '../content/chunkList.ts';
import { padded } from '../db/lists.ts';
import type { Db } from '../db/schema.ts';
import type { Services } from '../services.ts';
import type { Released } from './purge.ts';

/** Chunk rows that one transaction touches. */
const CHUNKS_AT_A_TIME = 1_000;

interface StoredObject {
  readonly id: string;
  readonly key: string;
  readonly chunk_list: Uint8Array;
}

/** Removes the objects of released contents that no node and no version shows any more. Returns the bytes freed. */
export async function removeUnreferenced(
  services: Services,
  userId: UserId,
  released: readonly Released[],
): Promise<number> {
  let freed = 0;
  const heirs = new Map(released.map(({ contentId, heir }) => [contentId, heir]));
  for (const [contentId, heir] of heirs) freed += await removeObject(services, userId, contentId, heir);
  return freed;
}

/** The chunks first, little by little: should that be cut short, the object is only less known. */
async function removeObject(
  services: Services,
  userId: UserId,
  contentId: ContentId,
  heir: ContentId | null,
): Promise<number> {
  const { db, content } = services;
  const object = await findObject(db.read, userId, contentId);
  if (!object || object.refs > 0 || (await isPinned(db.read, object.id))) return 0;
  await handOnChunks(
    services,
    userId,
    object,
    heir && heir !== contentId ? await findObject(db.read, userId, heir) : undefined,
  );
  const removed = await db.write.transaction().execute(async (trx) => {
    // Somebody may have stored the same content, or begun to copy from it, since.
    if (await isPinned(trx, object.id)) return undefined;
    return trx
      .deleteFrom('objects')
      .where('user_id', '=', userId)
      .where('content_id', '=', contentId)
      .where('refs', '=', 0)
      .returning(['key', 'size'])
      .executeTakeFirst();
  });
  if (!removed) return 0;
  await content.remove([removed.key]);
  return removed.size;
}

const findObject = (db: Db, userId: UserId, contentId: ContentId) =>
  db
    .selectFrom('objects')
    .select(['id', 'key', 'refs', 'chunk_list'])
    .where('user_id', '=', userId)
    .where('content_id', '=', contentId)
    .executeTakeFirst();

/** An open upload copies from it. */
async function isPinned(db: Db, objectId: string): Promise<boolean> {
  const { rows } = await sql`select 1 from upload_parts p, json_each(p.copies) c
    where p.copies <> '[]' and json_extract(c.value, '$.objectId') = ${objectId} limit 1`.execute(db);
  return rows.length > 0;
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
