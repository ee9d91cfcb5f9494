import type { Node, RestoreVersion } from '../../shared/api/nodes.ts';
import type { NodeId, UserId } from '../../shared/ids.ts';
import { lockUser } from '../db/locks.ts';
import type { Db } from '../db/schema.ts';
import { Refusal, refuse } from '../refusal.ts';
import { nodesById } from './neighbours.ts';
import { baseChanged, nodeOf, unknownNode } from './node.ts';
import { planFiles, writeFiles } from './putFiles.ts';

/**
 * Gives a file the content of an earlier version once more; what it holds now becomes a version. By the rules of any
 * other new content, so asked again after a lost answer it succeeds again.
 */
export function restoreVersion(
  db: Db,
  userId: UserId,
  id: NodeId,
  { contentRev, baseContentRev }: RestoreVersion,
): Promise<Node> {
  return db.transaction().execute(async (trx) => {
    await lockUser(trx, userId);
    const row = (await nodesById(trx, userId, [id])).get(id);
    if (!row || row.state === 'purged') throw unknownNode();
    if (row.state !== 'live') throw baseChanged(`"${row.name}"`);
    if (row.content_rev === contentRev) return nodeOf(row);
    const version = await trx
      .selectFrom('versions')
      .select(['content_id', 'size', 'mtime_ms'])
      .where('user_id', '=', userId)
      .where('node_id', '=', id)
      .where('content_rev', '=', contentRev)
      .executeTakeFirst();
    if (!version) throw refuse('not-found', 'There is no such version any more. Look at the versions of the file.');
    const put = {
      nodeId: id,
      parentId: row.parent_id,
      name: row.name,
      baseContentRev,
      size: version.size,
      mtimeMs: version.mtime_ms,
      executable: null,
      contentId: version.content_id,
    };
    const [result] = await writeFiles(trx, userId, await planFiles(trx, userId, [put], Date.now()));
    if (!result?.ok) throw new Refusal(result?.problem ?? baseChanged(`"${row.name}"`).problem);
    return result.nodes[0] ?? nodeOf(row);
  });
}
