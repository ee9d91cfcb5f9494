import type { NodeId } from '../../../shared/ids.ts';
import { nameKey } from '../../../shared/names.ts';
import type { LocalNode, Place, RemoteNode } from '../model.ts';
import { type Fate, fateOf, finalPlace, isLive } from './fate.ts';
import type { Look } from './trees.ts';

const LEAVING: ReadonlySet<Fate> = new Set(['delete-remote', 'unknown', 'gone']);

const sameSlot = (a: Place, b: Place): boolean => a.parentId === b.parentId && nameKey(a.name) === nameKey(b.name);

/** Who holds the name on the server, when it is another node. */
export function remoteHolder(look: Look, id: NodeId, place: Place): RemoteNode | undefined {
  const holder = look.trees.remote.holder(place.parentId, nameKey(place.name));
  return holder && holder.id !== id ? holder : undefined;
}

/** Who holds the name on the disk, when it is another node. */
export function localHolder(look: Look, id: NodeId, place: Place): LocalNode | undefined {
  return look.trees.local.holders(place.parentId, nameKey(place.name)).find((node) => node.id !== id);
}

/** Whether the server's holder of a name will give it up: then its taker waits, otherwise the taker is renamed. */
export function willLeave(look: Look, holder: RemoteNode): boolean {
  if (LEAVING.has(fateOf(look, holder.id))) return true;
  const place = finalPlace(look, holder.id);
  return place !== undefined && !sameSlot(place, holder);
}

/** The parent, when it is not (yet) on the server. */
export function missingRemoteParent(look: Look, parentId: NodeId | null): NodeId | undefined {
  return parentId === null || isLive(look.views(parentId).remote) ? undefined : parentId;
}

/** The parent, when it is not (yet) on the disk. */
export function missingLocalParent(look: Look, parentId: NodeId | null): NodeId | undefined {
  if (parentId === null) return undefined;
  const parent = look.views(parentId).local;
  return parent && parent.missingSince === null ? undefined : parentId;
}

/**
 * A folder cannot move below itself. When the new parent still lies inside `id` on that side, something on the way
 * down has yet to move out: that one goes first.
 */
export function insideItself(
  look: Look,
  id: NodeId,
  parentId: NodeId | null,
  side: 'local' | 'remote',
): NodeId | undefined {
  const path: NodeId[] = [];
  let at = parentId;
  while (at !== null && !path.includes(at)) {
    if (at === id) return path.find((step) => moves(look, step, side)) ?? path[0];
    path.push(at);
    at = look.views(at)[side]?.parentId ?? null;
  }
  return undefined;
}

function moves(look: Look, id: NodeId, side: 'local' | 'remote'): boolean {
  const now = look.views(id)[side];
  const place = finalPlace(look, id);
  return now !== undefined && place !== undefined && now.parentId !== place.parentId;
}

/**
 * Nodes that wait for each other's names on one side, beginning with `id`; undefined when the chain ends. Swaps and
 * rings of renames end here: they need one of them out of the way, or all of them at once.
 */
export function nameCycle(look: Look, id: NodeId, side: 'local' | 'remote'): readonly NodeId[] | undefined {
  const ring: NodeId[] = [];
  let at: NodeId = id;
  do {
    ring.push(at);
    const place = finalPlace(look, at);
    if (!place || fateOf(look, at) !== 'both') return undefined;
    const next =
      (side === 'local' ? localHolder(look, at, place) : remoteHolder(look, at, place))?.id ??
      insideItself(look, at, place.parentId, side);
    if (!next || (ring.includes(next) && next !== id)) return undefined;
    at = next;
  } while (at !== id);
  return ring;
}
