import { sql } from 'kysely';
import {
  type MediaCursor,
  MediaFacts,
  type MediaPage,
  THUMBNAIL_SIZES,
  type ThumbnailSize,
} from '../../shared/api/media.ts';
import type { ContentId, NodeId, UserId } from '../../shared/ids.ts';
import { atOneMoment } from '../db/locks.ts';
import type { Db, Schema } from '../db/schema.ts';
import { mediaCursor, numberOf } from './cursor.ts';

/** The number of the user's newest facts. */
export async function mediaHead(db: Db, userId: UserId): Promise<number> {
  const row = await db.selectFrom('users').select('media_head').where('id', '=', userId).executeTakeFirstOrThrow();
  return row.media_head;
}

/**
 * Facts after this place, in the order in which they were found. After a place of a history that was taken back they
 * come from the first on.
 */
export async function factsAfter(db: Db, userId: UserId, after: MediaCursor, limit: number): Promise<MediaPage> {
  return atOneMoment(db, async (trx) => {
    const head = await mediaHead(trx, userId);
    const from = await numberOf(trx, userId, after, head);
    const rows = await trx
      .selectFrom('media')
      .selectAll()
      .where('user_id', '=', userId)
      .where('n', '>', from)
      .orderBy('n')
      .limit(limit + 1)
      .execute();
    const page = rows.slice(0, limit);
    const caughtUp = page.length === rows.length;
    const next = await mediaCursor(trx, userId, caughtUp ? head : (page.at(-1)?.n ?? head));
    return { facts: page.map(factsOf), next, caughtUp };
  });
}

type Row = Omit<Schema['media'], 'user_id' | 'n'>;

function factsOf(row: Row): MediaFacts {
  const facts: Record<string, unknown> = {
    contentId: row.content_id,
    mime: row.mime,
    width: row.width,
    height: row.height,
    durationMs: row.duration_ms,
    codec: row.codec,
    takenAt: row.taken_at,
    camera: row.camera,
    pages: row.pages,
    blurhash: row.blurhash,
    thumbnail: row.thumbnail > 0,
    reason: row.reason,
  };
  return MediaFacts.parse(Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== null)));
}

/** What is known of a thumbnail of some content that a node shows, or kept. */
export type Shown =
  | { readonly state: 'none'; readonly reason: string }
  | { readonly state: 'waiting'; readonly objectId: string }
  | { readonly state: 'made'; readonly objectId: string; readonly size: ThumbnailSize };

/** `size` is that of the file to send: no larger one than there is. Undefined: there is no such content. */
export async function thumbnailOf(
  db: Db,
  userId: UserId,
  nodeId: NodeId,
  contentId: ContentId,
  wanted: ThumbnailSize,
): Promise<Shown | undefined> {
  const { rows } = await sql<{ id: string; thumbnail: number | null; reason: string | null }>`
    select o.id, m.thumbnail, m.reason from nodes n
    join objects o on o.user_id = n.user_id and o.content_id = ${contentId}
    left join media m on m.user_id = o.user_id and m.content_id = o.content_id
    where n.user_id = ${userId} and n.id = ${nodeId} and n.state <> 'purged' and (n.content_id = o.content_id or exists (
      select 1 from versions v where v.user_id = n.user_id and v.node_id = n.id and v.content_id = o.content_id))
  `.execute(db);
  const [row] = rows;
  if (!row) return undefined;
  if (row.thumbnail === null) return { state: 'waiting', objectId: row.id };
  const size = THUMBNAIL_SIZES.findLast((each) => each <= Math.min(wanted, row.thumbnail ?? 0));
  if (size === undefined) return { state: 'none', reason: row.reason ?? 'This kind of file has no picture to show.' };
  return { state: 'made', objectId: row.id, size };
}
