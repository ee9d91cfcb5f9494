import type { NodeId } from '../../../shared/ids.ts';
import { type LocalNode, mtimeMsOf, PARKED, type Place, type RemoteNode, type SyncedNode } from '../model.ts';
import type { Look, Views } from './trees.ts';

/**
 * Whether a node lives, and where it has yet to come to life or die. This is the existence half of the three-way
 * merge: a delete wins only against what has not changed since both sides agreed.
 *
 * - `unknown`: it vanished a moment ago, or its content must be hashed first; nothing may be decided.
 * - `covered`: nothing to do and nothing to remember.
 */
export type Fate =
  | 'both'
  | 'new-local'
  | 'new-remote'
  | 'restore-local'
  | 'restore-remote'
  | 'delete-local'
  | 'delete-remote'
  | 'gone'
  | 'unknown'
  | 'covered';

export const samePlace = (a: Place, b: Place): boolean => a.parentId === b.parentId && a.name === b.name;

export const isLive = (remote: RemoteNode | undefined): remote is RemoteNode => remote?.state === 'live';

/** The disk's content differs from what was agreed; undefined while only a hash could tell. */
export function contentEdited(local: LocalNode, synced: SyncedNode): boolean | undefined {
  if (local.kind === 'folder') return false;
  if (local.contentId !== null) return local.contentId !== synced.contentId;
  return local.stat.size === synced.size ? undefined : true;
}

export const sameMetadata = (
  a: { readonly mtimeMs: number; readonly executable: boolean },
  b: { readonly mtimeMs: number; readonly executable: boolean },
): boolean => a.mtimeMs === b.mtimeMs && a.executable === b.executable;

export const metadataOf = (local: LocalNode): { mtimeMs: number; executable: boolean } => ({
  mtimeMs: mtimeMsOf(local.stat),
  executable: local.stat.executable,
});

export function fateOf(look: Look, id: NodeId): Fate {
  return look.once<Fate>('fate', id, 'unknown', () => decide(look, look.views(id)));
}

function decide(look: Look, { id, local, remote, synced }: Views): Fate {
  if (local && local.missingSince !== null) return 'unknown';
  if (local && isLive(remote)) return 'both';
  if (!synced) {
    if (local) return 'new-local';
    if (isLive(remote)) return 'new-remote';
    return remote ? 'gone' : 'covered';
  }
  if (local) return deletedThere(look, id, local, synced);
  if (isLive(remote)) return deletedHere(look, id, remote, synced);
  return 'gone';
}

function deletedThere(look: Look, id: NodeId, local: LocalNode, synced: SyncedNode): Fate {
  if (!samePlace(local, synced) && local.parentId !== PARKED) return 'restore-remote';
  const changed = local.kind === 'folder' ? livesInside(look, id, 'local') : contentEdited(local, synced);
  if (changed === undefined) return 'unknown';
  return changed ? 'restore-remote' : 'delete-local';
}

function deletedHere(look: Look, id: NodeId, remote: RemoteNode, synced: SyncedNode): Fate {
  if (!samePlace(remote, synced)) return 'restore-local';
  const changed = remote.kind === 'folder' ? livesInside(look, id, 'remote') : remote.contentId !== synced.contentId;
  if (changed === undefined) return 'unknown';
  return changed ? 'restore-local' : 'delete-remote';
}

/**
 * Whether something inside a folder deleted on the other side keeps it alive: a child that is new, edited or moved in.
 * A child that is only on its way out does not; undefined while a child's fate is open and none lives for sure.
 */
function livesInside(look: Look, folder: NodeId, side: 'local' | 'remote'): boolean | undefined {
  let open = false;
  for (const child of look.trees[side].children(folder)) {
    switch (fateOf(look, child.id)) {
      case 'both':
        if (finalPlace(look, child.id)?.parentId === folder) return true;
        break;
      case 'new-local':
      case 'restore-remote':
        if (side === 'local') return true;
        break;
      case 'new-remote':
      case 'restore-local':
        if (side === 'remote') return true;
        break;
      case 'unknown':
        open = true;
        break;
      case 'delete-local':
      case 'delete-remote':
      case 'gone':
      case 'covered':
        break;
    }
  }
  return open ? undefined : false;
}

/** Where a living node belongs: parent and name merged each on its own, the server's side winning where both changed. */
export function finalPlace(look: Look, id: NodeId): Place | undefined {
  const merged = mergedPlace(look, id);
  const { remote } = look.views(id);
  if (!merged || !isLive(remote) || samePlace(merged, remote) || !loops(look, id, merged)) return merged;
  // Opposing folder moves would put each folder into the other: the server's tree has no loop, so it wins.
  return { parentId: remote.parentId, name: remote.name };
}

function mergedPlace(look: Look, id: NodeId): Place | undefined {
  const { local, remote, synced } = look.views(id);
  switch (fateOf(look, id)) {
    case 'new-local':
    case 'restore-remote':
      return local;
    case 'new-remote':
    case 'restore-local':
      return remote;
    case 'both': {
      if (!local || !remote) return undefined;
      if (!synced || local.parentId === PARKED) return remote;
      return {
        parentId: remote.parentId === synced.parentId ? local.parentId : remote.parentId,
        name: remote.name === synced.name ? local.name : remote.name,
      };
    }
    case 'delete-local':
    case 'delete-remote':
    case 'gone':
    case 'unknown':
    case 'covered':
      return undefined;
  }
}

function loops(look: Look, id: NodeId, place: Place): boolean {
  const passed = new Set<NodeId>();
  let at = place.parentId;
  while (at !== null && !passed.has(at)) {
    if (at === id) return true;
    passed.add(at);
    at = (mergedPlace(look, at) ?? look.views(at).remote ?? look.views(at).local)?.parentId ?? null;
  }
  return false;
}
