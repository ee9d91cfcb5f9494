import type { Version } from '../../shared/api/nodes.ts';
import type { NodeId, UserId } from '../../shared/ids.ts';
import type { Db } from '../db/schema.ts';
import { NODE_COLUMNS, nodeOf, unknownNode } from './node.ts';

/** The node, whatever its state but purged. */
export async function getNode(db: Db, userId: UserId, id: NodeId) {
  const row = await db
    .selectFrom('nodes')
    .select(NODE_COLUMNS)
    .where('user_id', '=', userId)
    .where('id', '=', id)
    .where('state', '<>', 'purged')
    .executeTakeFirst();
  if (!row) throw unknownNode();
  return nodeOf(row);
}

/** What a file holds and held, newest first. */
export async function listVersions(db: Db, userId: UserId, id: NodeId): Promise<Version[]> {
  const node = await getNode(db, userId, id);
  const current = await db
    .selectFrom('nodes')
    .select('content_at')
    .where('user_id', '=', userId)
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  const kept = await db
    .selectFrom('versions')
    .select(['content_id', 'size', 'content_rev', 'mtime_ms', 'content_at'])
    .where('user_id', '=', userId)
    .where('node_id', '=', id)
    .orderBy('content_rev', 'desc')
    .execute();
  const versions: Version[] = kept.map((row) => ({
    contentId: row.content_id,
    size: row.size,
    contentRev: row.content_rev,
    mtimeMs: row.mtime_ms,
    createdAt: row.content_at,
    current: false,
  }));
  if (node.contentId === null) return versions;
  return [
    {
      contentId: node.contentId,
      size: node.size,
      contentRev: node.contentRev,
      mtimeMs: node.mtimeMs,
      createdAt: current.content_at,
      current: true,
    },
    ...versions,
  ];
}
