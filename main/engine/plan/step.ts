import type { NodeId } from '../../../shared/ids.ts';
import type { LocalNode, Place, RemoteNode } from '../model.ts';
import { fateOf } from './fate.ts';
import { finalPlace, samePlace, sameSlot } from './place.ts';
import { kept, type Look, type Side } from './trees.ts';

/**
 * The next thing that has to happen to a node in the tree. One at a time and the disk first, so that the server is only
 * ever told what the disk shows: whoever wants a name on the server is found under that name on the disk.
 */
export type Step =
  | { readonly kind: 'create'; readonly side: Side; readonly place: Place }
  | { readonly kind: 'move'; readonly side: Side; readonly place: Place }
  | { readonly kind: 'delete'; readonly side: Side }
  /** `keeper` keeps the name; the node on the disk steps aside, or turns out to be the same thing. */
  | { readonly kind: 'yield'; readonly side: 'local'; readonly keeper: RemoteNode | LocalNode };

export const stepOf = kept((look, id): Step | undefined => {
  const { local, remote } = look.views(id);
  const place = finalPlace(look, id);
  switch (fateOf(look, id)) {
    case 'both':
      if (!local || !remote || !place) return undefined;
      return samePlace(remote, place)
        ? moveUnlessThere('local', local, place)
        : (yieldTo(keeperOf(look, id, place)) ??
            moveUnlessThere('local', local, place) ?? { kind: 'move', side: 'remote', place });
    case 'new-local':
    case 'restore-remote':
      if (!local || !place) return undefined;
      return (
        yieldTo(keeperOf(look, id, place)) ??
        moveUnlessThere('local', local, place) ?? { kind: 'create', side: 'remote', place }
      );
    case 'new-remote':
    case 'restore-local':
      return place && { kind: 'create', side: 'local', place };
    case 'delete-local':
      return { kind: 'delete', side: 'local' };
    case 'delete-remote':
      return isCovered(look, remote) ? undefined : { kind: 'delete', side: 'remote' };
    case 'kept':
    case 'gone':
    case 'unknown':
    case 'nothing':
      return undefined;
  }
});

const moveUnlessThere = (side: Side, now: Place, place: Place): Step | undefined =>
  samePlace(now, place) ? undefined : { kind: 'move', side, place };

const yieldTo = (keeper: RemoteNode | LocalNode | undefined): Step | undefined =>
  keeper && { kind: 'yield', side: 'local', keeper };

/** It goes with the folder around it. */
const isCovered = (look: Look, remote: RemoteNode | undefined): boolean =>
  remote !== undefined && remote.parentId !== null && fateOf(look, remote.parentId) === 'delete-remote';

/**
 * Who keeps the name that a node wants on the server: the server's holder, unless it will leave; among nodes that only
 * the disk shows under that name, the oldest.
 */
function keeperOf(look: Look, id: NodeId, place: Place): RemoteNode | LocalNode | undefined {
  const slot = look.slotOf(place);
  if (slot.remote?.id === id) return undefined;
  if (slot.remote && stays(look, slot.remote)) return slot.remote;
  const { local } = look.views(id);
  const arrived = local !== undefined && sameSlot(local, place);
  return slot.local.find((rival) => rival.id !== id && (rival.id < id || !arrived) && claims(look, rival));
}

/** Whether the server's holder of a name keeps it. */
function stays(look: Look, holder: RemoteNode): boolean {
  const fate = fateOf(look, holder.id);
  const place = finalPlace(look, holder.id);
  return fate !== 'delete-remote' && fate !== 'unknown' && place !== undefined && sameSlot(place, holder);
}

/** Whether a node wants the name that it has on the disk on the server too. */
function claims(look: Look, rival: LocalNode): boolean {
  const fate = fateOf(look, rival.id);
  const place = finalPlace(look, rival.id);
  return (
    (fate === 'both' || fate === 'new-local' || fate === 'restore-remote') &&
    place !== undefined &&
    sameSlot(place, rival)
  );
}
