import type { NodeId } from '../../../shared/ids.ts';
import { nameKey } from '../../../shared/names.ts';
import { PARKED, type Place, type RemoteNode } from '../model.ts';
import { isLive, isThere, kept, type Look } from './trees.ts';

export const placeOf = ({ parentId, name }: Place): Place => ({ parentId, name });

export const samePlace = (a: Place, b: Place): boolean => a.parentId === b.parentId && a.name === b.name;

/** Two nodes at places with the same slot cannot live side by side. */
export const sameSlot = (a: Place, b: Place): boolean =>
  a.parentId === b.parentId && nameKey(a.name) === nameKey(b.name);

/**
 * Where a node belongs if it lives: the place half of the three-way merge. Parent and name are merged each on its own;
 * where both sides changed the same half, the server's word stands. The final places of all nodes form a tree.
 */
export const finalPlace = kept((look, id): Place | undefined => {
  const { remote } = look.views(id);
  const merged = mergedPlace(look, id);
  if (!merged || !isLive(remote) || merged.parentId === remote.parentId || !goesBack(look, id)) return merged;
  return unlessTaken(look, remote, { parentId: remote.parentId, name: merged.name });
});

const mergedPlace = kept((look, id): Place | undefined => {
  const { local, remote, synced } = look.views(id);
  if (!isLive(remote)) {
    // Deleted there while it lay parked, but edited: its old folder may be gone as well, the top is always there.
    if (local?.parentId === PARKED) return { parentId: null, name: (synced ?? remote ?? local).name };
    return local;
  }
  if (!isThere(local) || !synced || local.parentId === PARKED) return remote;
  const parentStands = remote.parentId !== synced.parentId;
  const nameStands = remote.name !== synced.name;
  const place = {
    parentId: parentStands ? remote.parentId : local.parentId,
    name: nameStands ? remote.name : local.name,
  };
  return parentStands === nameStands ? place : unlessTaken(look, remote, place);
});

/**
 * Where one half of a place is the disk's and the other one the server's, nobody has chosen it as a whole, and nobody
 * has to make room for it: if it is taken, the server's place stands.
 */
const unlessTaken = (look: Look, remote: RemoteNode, place: Place): Place =>
  !samePlace(place, remote) && isTaken(look, remote.id, place) ? remote : place;

function isTaken(look: Look, id: NodeId, place: Place): boolean {
  const { local, remote } = look.slotOf(place);
  return (remote !== undefined && remote.id !== id) || local.some((node) => node.id !== id && isThere(node));
}

/**
 * Opposing folder moves can put each folder into the other. Every folder on such a loop goes back to the parent it has
 * on the server, whose tree has no loop; that may close another loop with moves further up, which opens the same way.
 */
function goesBack(look: Look, id: NodeId): boolean {
  const back = new Set<NodeId>();
  for (;;) {
    const loop = loopAbove(look, id, back);
    if (loop.length === 0) return back.has(id);
    for (const each of loop) back.add(each);
  }
}

/** The loop in which the way up from `id` ends; empty when it ends at the top. */
function loopAbove(look: Look, id: NodeId, back: ReadonlySet<NodeId>): readonly NodeId[] {
  const passed: NodeId[] = [];
  const seen = new Set<NodeId>();
  for (let at: NodeId | null = id; at !== null; ) {
    if (seen.has(at)) return passed.slice(passed.indexOf(at));
    seen.add(at);
    passed.push(at);
    const { remote } = look.views(at);
    const place: Place | undefined = back.has(at) && isLive(remote) ? remote : mergedPlace(look, at);
    at = place?.parentId ?? null;
  }
  return [];
}
