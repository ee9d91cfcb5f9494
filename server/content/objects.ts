import { sql } from 'kysely';
import type { Chunk } from '../../shared/chunking/contentId.ts';
import type { ContentId, NodeId, UserId } from '../../shared/ids.ts';
import { insertRows } from '../db/insertRows.ts';
import { padded, valueTuples } from '../db/lists.ts';
import type { Db } from '../db/schema.ts';
import { encodeChunkList } from './chunkList.ts';
import type { ObjectKey } from './store.ts';

/** Content that a store already holds and that a transaction is about to make known. */
export interface NewObject {
  readonly contentId: ContentId;
  readonly objectId: string;
  readonly store: string;
  readonly key: ObjectKey;
  readonly size: number;
  readonly chunks: readonly Chunk[];
}

/** Which of these contents the user has stored. */
export async function storedContents(db: Db, userId: UserId, ids: readonly ContentId[]): Promise<Set<ContentId>> {
  if (ids.length === 0) return new Set();
  const rows = await db
    .selectFrom('objects')
    .select('content_id')
    .where('user_id', '=', userId)
    .where('content_id', 'in', padded(ids))
    .execute();
  return new Set(rows.map((row) => row.content_id));
}

/** Makes objects known, with their chunks for later uploads to draw on. None of these contents may be stored yet. */
export async function insertObjects(
  trx: Db,
  userId: UserId,
  objects: readonly NewObject[],
  now: number,
): Promise<void> {
  const rows = objects.map((object) => ({
    user_id: userId,
    content_id: object.contentId,
    id: object.objectId,
    store: object.store,
    key: object.key,
    size: object.size,
    created_at: now,
    chunk_list: encodeChunkList(object.chunks),
  }));
  await insertRows(trx, 'objects', OBJECT_COLUMNS, rows);
  const chunks = objects.flatMap((object) => {
    let position = 0;
    return object.chunks.map(([hash, length]) => {
      const row = { user_id: userId, hash, object_id: object.objectId, position, length };
      position += length;
      return row;
    });
  });
  await insertRows(trx, 'chunks', CHUNK_COLUMNS, chunks, 'on conflict (user_id, hash) do nothing');
}

const OBJECT_COLUMNS = ['user_id', 'content_id', 'id', 'store', 'key', 'size', 'created_at', 'chunk_list'] as const;
const CHUNK_COLUMNS = ['user_id', 'hash', 'object_id', 'position', 'length'] as const;

export interface StoredContent {
  readonly nodeId: NodeId;
  readonly contentId: ContentId;
  readonly name: string;
  readonly store: string;
  readonly key: ObjectKey;
  readonly size: number;
}

/** Finds contents that these nodes show now, or kept as an earlier version. Purged nodes show nothing. */
export async function contentsOf(
  db: Db,
  userId: UserId,
  wanted: readonly { readonly nodeId: NodeId; readonly contentId: ContentId }[],
): Promise<StoredContent[]> {
  const tuples = valueTuples(wanted.map((w) => [w.nodeId, w.contentId]));
  const { rows } = await sql<StoredContent>`
    with wanted (node_id, content_id) as (values ${tuples})
    select distinct n.id as "nodeId", o.content_id as "contentId", n.name, o.store, o.key, o.size
    from wanted w
    cross join nodes n
    cross join objects o
    where n.user_id = ${userId} and n.id = w.node_id and n.state <> 'purged'
      and o.user_id = ${userId} and o.content_id = w.content_id
      and (n.content_id = w.content_id or exists (
        select 1 from versions v where v.user_id = ${userId} and v.node_id = n.id and v.content_id = w.content_id))
  `.execute(db);
  return rows;
}
