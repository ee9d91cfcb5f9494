import { sql } from 'kysely';
import type { ContentId, NodeId, UserId } from '../../shared/ids.ts';
import { padded } from '../db/lists.ts';
import type { Db } from '../db/schema.ts';
import { UNSAID } from '../tree/library.ts';
import { nodesById } from '../tree/neighbours.ts';
import { updateNode } from '../tree/rows.ts';
import { recordChanges, takeSeqs } from '../tree/sequence.ts';
import type { Kept } from './kept.ts';

/** Content that somebody has let go of, and the content that followed it, which may know its chunks. */
export interface Released {
  readonly contentId: ContentId;
  readonly heir: ContentId | null;
}

/**
 * Lets go of what is kept, in the rows. A purged node stays as its own tombstone and comes by the feed, so that devices
 * that were away meanwhile still learn of the delete. The counters follow by triggers.
 */
export async function purge(trx: Db, userId: UserId, kept: readonly Kept[]): Promise<Released[]> {
  const released: Released[] = [];
  for (const each of kept) {
    if (each.type === 'trashed') continue;
    released.push({ contentId: each.contentId, heir: each.present });
    await trx
      .deleteFrom('versions')
      .where('user_id', '=', userId)
      .where('node_id', '=', each.nodeId)
      .where('content_rev', '=', each.contentRev)
      .execute();
  }
  const nodes = kept.filter((each) => each.type === 'trashed').map((each) => each.nodeId);
  return [...released, ...(await purgeNodes(trx, userId, nodes))];
}

async function purgeNodes(trx: Db, userId: UserId, ids: readonly NodeId[]): Promise<Released[]> {
  if (ids.length === 0) return [];
  const { rows: versions } = await sql<{ contentId: ContentId }>`delete from versions
    where user_id = ${userId} and node_id in (${sql.join(padded(ids))})
    returning content_id as "contentId"`.execute(trx);
  const released = versions.map(({ contentId }): Released => ({ contentId, heir: null }));
  const first = await takeSeqs(trx, userId, ids.length);
  const rows = await nodesById(trx, userId, ids);
  for (const [i, id] of ids.entries()) {
    const row = rows.get(id);
    if (!row) continue;
    if (row.content_id !== null) released.push({ contentId: row.content_id, heir: null });
    const seq = first + i;
    const gone = { state: 'purged', content_id: null, size: 0, trashed_with: null, trashed_at: null } as const;
    await updateNode(trx, { ...row, ...gone, ...UNSAID, place_rev: seq, seq });
  }
  await sql`update nodes set attributes = null
    where user_id = ${userId} and id in (${sql.join(padded(ids))}) and attributes is not null`.execute(trx);
  await recordChanges(trx, userId, first, ids);
  return released;
}
