import { type LibraryChange, TAGS_MAX } from '../../shared/api/library.ts';
import type { Operation } from '../../shared/api/nodes.ts';
import { nameKey } from '../../shared/names.ts';
import type { NodeRow } from '../db/schema.ts';
import { refuse } from '../refusal.ts';
import { saidOf, tagsOf } from './library.ts';
import { nodesById } from './neighbours.ts';
import { unknownNode } from './node.ts';
import type { Change } from './operations.ts';
import { updateNode } from './rows.ts';
import { recordChanges, takeSeqs } from './sequence.ts';

/** Says something about a node. Last writer wins, tag by tag; saying what is said already changes nothing. */
export async function setLibrary(
  { trx, userId }: Change,
  wanted: Extract<Operation, { type: 'setLibrary' }>,
): Promise<NodeRow> {
  const row = (await nodesById(trx, userId, [wanted.id])).get(wanted.id);
  if (!row || row.state === 'purged') throw unknownNode();
  const said = { ...saidOf(row), ...changes(row, wanted) };
  if (JSON.stringify(said) === JSON.stringify(saidOf(row))) return row;
  const seq = await takeSeqs(trx, userId, 1);
  const changed: NodeRow = { ...row, ...said, meta_rev: seq, seq };
  await updateNode(trx, changed);
  await recordChanges(trx, userId, seq, [row.id]);
  return changed;
}

function changes(row: NodeRow, wanted: LibraryChange): Partial<ReturnType<typeof saidOf>> {
  return {
    ...(wanted.favourite !== undefined && { favourite: Number(wanted.favourite) }),
    ...(wanted.category !== undefined && { category: wanted.category }),
    ...(wanted.subcategory !== undefined && { subcategory: wanted.subcategory }),
    ...(wanted.entityId !== undefined && { entity_id: wanted.entityId }),
    ...((wanted.addTags || wanted.removeTags) && { tags: tagsAfter(tagsOf(row), wanted) }),
  };
}

/** Removals first, so that a tag's spelling can be changed in one step. */
function tagsAfter(present: readonly string[], { addTags = [], removeTags = [] }: LibraryChange): string | null {
  const removed = new Set(removeTags.map(nameKey));
  const tags = new Map(present.map((tag) => [nameKey(tag), tag]));
  for (const key of removed) tags.delete(key);
  for (const tag of addTags) if (!tags.has(nameKey(tag))) tags.set(nameKey(tag), tag);
  if (tags.size > Math.max(TAGS_MAX, present.length)) {
    throw refuse('malformed', `A file or folder has at most ${TAGS_MAX} tags. Remove one of them first.`);
  }
  return tags.size === 0 ? null : JSON.stringify([...tags.values()]);
}
