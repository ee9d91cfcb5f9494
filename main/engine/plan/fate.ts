import type { NodeId } from '../../../shared/ids.ts';
import { type LocalNode, PARKED, type SyncedNode } from '../model.ts';
import { isStandIn } from './conflictName.ts';
import { finalPlace } from './place.ts';
import { isLive, isThere, kept, type Look, type Side } from './trees.ts';

/**
 * Whether a node lives, and where it has yet to come to life or die. This is the existence half of the three-way
 * merge: a delete wins only against what has not changed since both sides agreed.
 *
 * - `unknown`: it vanished a moment ago, or its content must be hashed first; nothing may be decided.
 * - `kept`: deleted on one side with a folder that the other side moved; it lives on as if it were new.
 * - `gone`: on neither side; what is remembered of it can be forgotten.
 * - `nothing`: nobody knows it.
 */
export type Fate =
  | 'both'
  | 'new-local'
  | 'new-remote'
  | 'restore-local'
  | 'restore-remote'
  | 'delete-local'
  | 'delete-remote'
  | 'kept'
  | 'gone'
  | 'unknown'
  | 'nothing';

/** Folders ask their children, and a child asks whether a folder above it was moved: both questions end. */
export const fateOf = kept((look, id): Fate => {
  const { local, remote, synced } = look.views(id);
  if (local && !isThere(local)) return 'unknown';
  if (local && isLive(remote)) return 'both';
  if (local) return synced ? deletedThere(look, local, synced) : 'new-local';
  if (isLive(remote)) return synced ? deletedHere(look, id) : 'new-remote';
  return synced || remote ? 'gone' : 'nothing';
});

function deletedThere(look: Look, local: LocalNode, synced: SyncedNode): Fate {
  if (wasMoved(look, local.id, 'local')) return 'restore-remote';
  if (movedAlong(look, local.id, 'local')) return 'kept';
  const changed = local.kind === 'folder' ? livesInside(look, local.id, 'local') : contentEdited(local, synced);
  if (changed === undefined) return 'unknown';
  return changed ? 'restore-remote' : 'delete-local';
}

function deletedHere(look: Look, id: NodeId): Fate {
  if (wasMoved(look, id, 'remote')) return 'restore-local';
  if (movedAlong(look, id, 'remote')) return 'kept';
  const { remote, synced } = look.views(id);
  const changed = remote?.kind === 'folder' ? livesInside(look, id, 'remote') : remote?.contentId !== synced?.contentId;
  if (changed === undefined) return 'unknown';
  return changed ? 'restore-local' : 'delete-remote';
}

/** The disk's content differs from what was agreed; undefined while only a hash could tell. */
function contentEdited(local: LocalNode, synced: SyncedNode): boolean | undefined {
  if (local.contentId !== null) return local.contentId !== synced.contentId;
  return local.stat.size === synced.size ? undefined : true;
}

/** Moved or renamed on this side since both agreed, by somebody else than this engine. */
function wasMoved(look: Look, id: NodeId, side: Side): boolean {
  const views = look.views(id);
  const { synced } = views;
  const now = views[side];
  if (!now || !synced || now.parentId === PARKED) return false;
  return now.parentId !== synced.parentId || (now.name !== synced.name && !isStandIn(now.name, synced.name));
}

/** Inside a folder that was moved on this side, and that the other side has deleted as well. */
function movedAlong(look: Look, id: NodeId, side: Side): boolean {
  const parentId = look.views(id)[side]?.parentId;
  if (!parentId) return false;
  const { local, remote, synced } = look.views(parentId);
  const deletedToo = synced !== undefined && (side === 'local' ? !isLive(remote) : !isThere(local));
  return deletedToo && (wasMoved(look, parentId, side) || movedAlong(look, parentId, side));
}

/**
 * Whether something inside a folder deleted on the other side keeps it alive: a child that is new, edited or moved in.
 * A child that is only on its way out does not; undefined while a child's fate is open and none lives for sure.
 */
function livesInside(look: Look, folder: NodeId, side: Side): boolean | undefined {
  let open = false;
  for (const child of look.trees[side].children(folder)) {
    switch (fateOf(look, child.id)) {
      case 'both':
        if (finalPlace(look, child.id)?.parentId === folder) return true;
        break;
      case 'new-local':
      case 'restore-remote':
      case 'new-remote':
      case 'restore-local':
      case 'kept':
        return true;
      case 'unknown':
        open = true;
        break;
      case 'delete-local':
      case 'delete-remote':
      case 'gone':
      case 'nothing':
        break;
    }
  }
  return open ? undefined : false;
}
