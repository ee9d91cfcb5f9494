import type { LibraryChange } from '../../shared/api/library.ts';
import type { Node, Operation, PatchNode } from '../../shared/api/nodes.ts';
import type { NodeId, UserId } from '../../shared/ids.ts';
import { lockUser } from '../db/locks.ts';
import type { Db, NodeRow } from '../db/schema.ts';
import { tagsOf } from './library.ts';
import { nodesById } from './neighbours.ts';
import { nodeOf, unknownNode } from './node.ts';
import { type Change, perform } from './operations.ts';

/**
 * Changes one node as a whole: all that is asked for or nothing. `expected` refuses a node that is not as the client
 * has seen it. The operations are those of devices, each against the row as the one before has left it.
 */
export function editNode(
  db: Db,
  userId: UserId,
  id: NodeId,
  expected: (node: Node) => void,
  edit: PatchNode,
  seenSeq: number = Number.MAX_SAFE_INTEGER,
): Promise<Node> {
  return db.transaction().execute(async (trx) => {
    await lockUser(trx, userId);
    const change: Change = { trx, userId, now: Date.now() };
    const present = async (): Promise<NodeRow> => {
      const row = (await nodesById(trx, userId, [id])).get(id);
      if (!row || row.state === 'purged') throw unknownNode();
      return row;
    };
    expected(nodeOf(await present()));
    for (const step of [back, placed, touched, said, away]) {
      const operation = step(await present(), edit, seenSeq);
      if (operation) await perform(change, operation);
    }
    return nodeOf(await present());
  });
}

type Step = (row: NodeRow, edit: PatchNode, seenSeq: number) => Operation | undefined;

const back: Step = ({ id, state }, edit) =>
  edit.state === 'live' && state === 'trashed' ? { type: 'restore', id } : undefined;

const placed: Step = (row, { name = row.name, parentId = row.parent_id }) =>
  name === row.name && parentId === row.parent_id
    ? undefined
    : { type: 'move', moves: [{ id: row.id, placeRev: row.place_rev, name, parentId }] };

const touched: Step = ({ id }, { mtimeMs = null, executable = null }) =>
  mtimeMs === null && executable === null ? undefined : { type: 'setMetadata', id, mtimeMs, executable };

const said: Step = (row, { favourite, category, subcategory, entityId, ...edit }) => {
  const change: LibraryChange = { favourite, category, subcategory, entityId, ...tagChanges(row, edit) };
  return Object.values(change).every((value) => value === undefined)
    ? undefined
    : { type: 'setLibrary', id: row.id, ...change };
};

function tagChanges(row: NodeRow, { tags, addTags, removeTags }: PatchNode): LibraryChange {
  if (tags === undefined) return { addTags, removeTags };
  return { removeTags: tagsOf(row).filter((tag) => !tags.includes(tag)), addTags: tags };
}

const away: Step = ({ id, content_rev, place_rev }, { state }, seenSeq) =>
  state === 'trashed' ? { type: 'trash', id, contentRev: content_rev, placeRev: place_rev, seenSeq } : undefined;
