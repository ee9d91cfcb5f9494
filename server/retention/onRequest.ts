import { sql } from 'kysely';
import type { EmptiedTrash, Node } from '../../shared/api/nodes.ts';
import type { NodeId, UserId } from '../../shared/ids.ts';
import { padded } from '../db/lists.ts';
import { lockUser } from '../db/locks.ts';
import type { Db } from '../db/schema.ts';
import { refuse } from '../refusal.ts';
import type { Services } from '../services.ts';
import { nodesById } from '../tree/neighbours.ts';
import { nodeOf, unknownNode } from '../tree/node.ts';
import { trashedWith } from '../tree/restore.ts';
import type { Kept } from './kept.ts';
import { purge } from './purge.ts';
import { removeUnreferenced } from './unreferenced.ts';

/** Nodes that one transaction lets go of. */
const AT_A_TIME = 100;

type Trashed = Extract<Kept, { type: 'trashed' }>;

/**
 * Lets go of what is in the trash, for ever. `upToSeq`: what went there since the person looked stays. In small
 * transactions, so that nobody waits for long: cut short, what is left is still in the trash.
 */
export async function emptyTrash(services: Services, userId: UserId, upToSeq: number): Promise<EmptiedTrash> {
  const emptied = { purged: 0, freedBytes: 0 };
  for (;;) {
    const step = await letGo(services, userId, (trx) => trashedNodes(trx, userId, upToSeq));
    if (step.purged === 0) return emptied;
    emptied.purged += step.purged;
    emptied.freedBytes += step.freedBytes;
  }
}

const trashedNodes = async (trx: Db, userId: UserId, upToSeq: number): Promise<Trashed[]> => {
  const { rows } = await sql<Omit<Trashed, 'type'>>`
    select id as "nodeId", content_id as "contentId", size, trashed_at as at from nodes
    where user_id = ${userId} and state = 'trashed' and seq <= ${upToSeq}
    order by trashed_at limit ${AT_A_TIME}`.execute(trx);
  return rows.map((row) => ({ type: 'trashed', ...row }));
};

/**
 * Lets go of one node in the trash, a folder with all that went there with it. The node itself goes last: until then
 * all of it that is left can be restored.
 */
export async function purgeNode(
  services: Services,
  userId: UserId,
  id: NodeId,
  expected: (node: Node) => void,
): Promise<EmptiedTrash> {
  const row = (await nodesById(services.db.read, userId, [id])).get(id);
  if (!row || row.state === 'purged') throw unknownNode();
  expected(nodeOf(row));
  if (row.state !== 'trashed') throw refuse('base-changed', `"${row.name}" is not in the trash. Delete it first.`);
  const { rows: inside } = await sql<{ id: NodeId }>`${trashedWith(userId, row)}
    select id from inside`.execute(services.db.read);
  const ids = [...inside.map((node) => node.id), id];
  const emptied = { purged: 0, freedBytes: 0 };
  for (let from = 0; from < ids.length; from += AT_A_TIME) {
    const some = ids.slice(from, from + AT_A_TIME);
    const step = await letGo(services, userId, (trx) => stillTrashed(trx, userId, some, row.trashed_with));
    emptied.purged += step.purged;
    emptied.freedBytes += step.freedBytes;
  }
  return emptied;
}

/** Somebody may have restored them since. */
async function stillTrashed(trx: Db, userId: UserId, ids: readonly NodeId[], group: NodeId | null): Promise<Trashed[]> {
  const rows = await trx
    .selectFrom('nodes')
    .select(['id', 'content_id', 'size', 'trashed_at'])
    .where('user_id', '=', userId)
    .where('id', 'in', padded(ids))
    .where('state', '=', 'trashed')
    .where('trashed_with', 'is not distinct from', group)
    .execute();
  return rows.map(({ id, content_id, size, trashed_at }) => ({
    type: 'trashed',
    nodeId: id,
    contentId: content_id,
    size,
    at: trashed_at ?? 0,
  }));
}

async function letGo(
  services: Services,
  userId: UserId,
  choose: (trx: Db) => Promise<Trashed[]>,
): Promise<EmptiedTrash> {
  const { chosen, released } = await services.db.write.transaction().execute(async (trx) => {
    await lockUser(trx, userId);
    const nodes = await choose(trx);
    return { chosen: nodes, released: await purge(trx, userId, nodes) };
  });
  if (chosen.length === 0) return { purged: 0, freedBytes: 0 };
  services.wakeups.changed(userId);
  return { purged: chosen.length, freedBytes: await removeUnreferenced(services, userId, released) };
}
