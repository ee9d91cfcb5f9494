import type { NodePage, Version } from '../../shared/api/nodes.ts';
import type { NodeId, UserId } from '../../shared/ids.ts';
import type { Db } from '../db/schema.ts';
import { NODE_COLUMNS, nodeOf, unknownNode } from './node.ts';

export interface ListQuery {
  /** undefined: anywhere; null: at the top. */
  readonly parentId: NodeId | null | undefined;
  readonly state: 'live' | 'trashed';
  /** `next` of the page before. */
  readonly after: string | undefined;
  readonly limit: number;
}

/** A page of nodes: a folder's by name, otherwise by id, which is the order of their making. */
export async function listNodes(db: Db, userId: UserId, query: ListQuery): Promise<NodePage> {
  const order = query.parentId !== undefined && query.state === 'live' ? 'name_key' : 'id';
  let select = db
    .selectFrom('nodes')
    .select(NODE_COLUMNS)
    .where('user_id', '=', userId)
    .where('state', '=', query.state)
    .orderBy(order)
    .limit(query.limit + 1);
  if (query.parentId !== undefined) {
    const parent = query.parentId ?? '';
    select = select.where((eb) => eb(eb.fn.coalesce('parent_id', eb.val('')), '=', parent));
  }
  if (query.after !== undefined) {
    const after = Buffer.from(query.after, 'base64url').toString();
    select = select.where((eb) => eb(eb.ref(order), '>', eb.val(after)));
  }
  const rows = await select.execute();
  const page = rows.slice(0, query.limit);
  const last = page.at(-1);
  const next = rows.length > page.length && last ? Buffer.from(last[order]).toString('base64url') : null;
  return { nodes: page.map(nodeOf), next };
}

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
