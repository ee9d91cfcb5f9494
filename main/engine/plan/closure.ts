import type { NodeId } from '../../../shared/ids.ts';
import { nameKey } from '../../../shared/names.ts';
import type { Place } from '../model.ts';
import { isLive } from './fate.ts';
import type { Trees } from './trees.ts';

/** A name in a folder that somebody took or gave up. */
export interface ChangedPlace {
  readonly parentId: NodeId | null;
  readonly key: string;
}

/**
 * Every node whose plan may differ now that `ids` have changed: themselves, whoever holds the same name, the folders
 * that live or die by what is inside them, and what goes with a folder deleted here. Those that wait for a changed
 * node are the caller's to add: it knows its plan.
 */
export function closure(trees: Trees, ids: Iterable<NodeId>, places: Iterable<ChangedPlace>): ReadonlySet<NodeId> {
  const found = new Set<NodeId>();
  const addHolders = ({ parentId, key }: ChangedPlace): void => {
    for (const node of trees.local.holders(parentId, key)) found.add(node.id);
    const holder = trees.remote.holder(parentId, key);
    if (holder) found.add(holder.id);
  };
  for (const place of places) addHolders(place);
  for (const id of ids) {
    found.add(id);
    for (const place of placesOf(trees, id)) {
      addHolders({ parentId: place.parentId, key: nameKey(place.name) });
      addOneSidedParents(trees, place.parentId, found);
    }
    addBelowDeleted(trees, id, found);
  }
  return found;
}

function placesOf(trees: Trees, id: NodeId): readonly Place[] {
  const views = [trees.local.get(id), trees.remote.get(id), trees.synced.get(id)];
  return views.filter((view) => view !== undefined);
}

/** A folder that one side has lost lives by its content, and so may the folder above it. */
function addOneSidedParents(trees: Trees, parentId: NodeId | null, found: Set<NodeId>): void {
  let at = parentId;
  while (at !== null && !found.has(at)) {
    const local = trees.local.get(at);
    const remote = trees.remote.get(at);
    if (local && isLive(remote)) return;
    found.add(at);
    at = local?.parentId ?? remote?.parentId ?? null;
  }
}

/** Below a folder deleted here, every node either goes with it or has to be deleted by itself. */
function addBelowDeleted(trees: Trees, id: NodeId, found: Set<NodeId>): void {
  const remote = trees.remote.get(id);
  if (remote?.kind !== 'folder' || !isLive(remote) || trees.local.get(id)) return;
  if (!trees.synced.get(id)) return;
  for (const child of trees.remote.children(id)) {
    if (found.has(child.id)) continue;
    found.add(child.id);
    addBelowDeleted(trees, child.id, found);
  }
}
