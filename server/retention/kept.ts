import { sql } from 'kysely';
import type { ContentId, NodeId, UserId } from '../../shared/ids.ts';
import type { Db } from '../db/schema.ts';

/** Something a user has deleted or replaced, and that is kept. `at`: since when, Unix ms. */
export type Kept =
  | {
      readonly type: 'trashed';
      readonly nodeId: NodeId;
      readonly contentId: ContentId | null;
      readonly size: number;
      readonly at: number;
    }
  | {
      readonly type: 'version';
      readonly nodeId: NodeId;
      readonly contentId: ContentId;
      readonly contentRev: number;
      readonly size: number;
      readonly at: number;
      /** What the file holds now. */
      readonly present: ContentId | null;
    };

/** The oldest of what a user's account keeps, from the time before `before`; at most so many of each type. */
export async function oldestKept(db: Db, userId: UserId, before: number, limit: number): Promise<Kept[]> {
  const trashed = await sql<Omit<Extract<Kept, { type: 'trashed' }>, 'type'>>`
    select id as "nodeId", content_id as "contentId", size, trashed_at as at from nodes
    where user_id = ${userId} and state = 'trashed' and trashed_at < ${before}
    order by trashed_at limit ${limit}`.execute(db);
  const versions = await sql<Omit<Extract<Kept, { type: 'version' }>, 'type'>>`
    select v.node_id as "nodeId", v.content_id as "contentId", v.content_rev as "contentRev", v.size,
      v.replaced_at as at, n.content_id as present
    from versions v join nodes n on n.user_id = v.user_id and n.id = v.node_id
    where v.user_id = ${userId} and v.replaced_at < ${before}
    order by v.replaced_at limit ${limit}`.execute(db);
  return [
    ...trashed.rows.map((row): Kept => ({ type: 'trashed', ...row })),
    ...versions.rows.map((row): Kept => ({ type: 'version', ...row })),
  ].sort((a, b) => a.at - b.at);
}
