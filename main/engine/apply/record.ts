import type { NodeId } from '../../../shared/ids.ts';
import { parkingPlace } from '../disk/tmp.ts';
import {
  type DiskStat,
  type LocalNode,
  mtimeMsOf,
  PARKED,
  type Place,
  type RemoteNode,
  renamed,
  sameObservation,
} from '../model.ts';
import type { Operation } from '../plan/operations.ts';
import type { State } from '../store/state.ts';

type Of<K extends Operation['kind']> = Extract<Operation, { kind: K }>;

/** Operations that only write down what both sides already show; they need no disk and no server. */
export type Instant = Of<'agree'> | Of<'forget'> | Of<'rekey'>;

export const isInstant = (operation: Operation): operation is Instant =>
  operation.kind === 'agree' || operation.kind === 'forget' || operation.kind === 'rekey';

export function recordInstant(state: State, operation: Instant): void {
  switch (operation.kind) {
    case 'agree':
      recordAgreement(state, operation.id);
      break;
    case 'forget':
      recordForgotten(state, operation.id);
      return;
    case 'rekey':
      rekey(state, operation.id, operation.as);
      break;
  }
}

/** A delete that both sides have seen is remembered elsewhere: a server that goes back in time has not. */
function recordForgotten(state: State, id: NodeId): void {
  state.synced.remove(id);
  if (!state.local.get(id)) {
    const remote = state.remote.get(id);
    if (remote && remote.state !== 'live') state.past.deleted(remote);
    state.remote.forget(id);
  }
  settleUploads(state, id);
}

function settleUploads(state: State, id: NodeId): void {
  state.uploads.remove(id);
  state.sent.settle(id);
}

/** Disk and server show the same: that is what is agreed from now on. */
function recordAgreement(state: State, id: NodeId): void {
  const remote = state.remote.get(id);
  if (remote) state.synced.put(agreed(remote));
  settleUploads(state, id);
}

/** A node as the server has it, agreed on at this place. */
export const agreed = (node: RemoteNode, place: Place = node) => ({
  id: node.id,
  kind: node.kind,
  parentId: place.parentId,
  name: place.name,
  contentId: node.contentId,
  size: node.size,
  mtimeMs: node.mtimeMs,
  executable: node.executable,
  contentRev: node.contentRev,
  placeRev: node.placeRev,
});

/** What was found on disk under a name turns out to be a node the server already has. */
function rekey(state: State, id: NodeId, as: NodeId): void {
  const local = state.local.get(id);
  if (!local) return;
  for (const child of state.local.children(id)) {
    livesOn(state, child.id);
    state.local.put({ ...child, parentId: as });
  }
  state.local.remove(id);
  state.local.put({ ...local, id: as });
  settleUploads(state, id);
}

/**
 * What was deleted there, and moved here into a folder made anew, lives. Should that turn out to be the very folder it was
 * deleted from, it would look as if nobody had moved it: so nothing is agreed on about it any more.
 */
function livesOn(state: State, id: NodeId): void {
  if (state.remote.get(id)?.state === 'live') return;
  for (const child of state.local.children(id)) livesOn(state, child.id);
  state.synced.remove(id);
}

/**
 * The server took this content. The disk may have moved on meanwhile: the content is only the local node's if the
 * node is still what was read.
 */
export function recordUpload(state: State, read: DiskStat, node: RemoteNode): void {
  const before = state.synced.get(node.id);
  const local = state.local.get(node.id);
  state.remote.put(node);
  // What the server has besides that this disk has not taken yet is not agreed.
  state.synced.put({ ...agreed(node, before ?? node), mtimeMs: mtimeMsOf(read), executable: read.executable });
  if (local && sameObservation(local.stat, read)) state.local.put({ ...local, contentId: node.contentId });
  state.uploads.remove(node.id);
  state.sent.settle(node.id, 'content');
}

/** The disk holds this content now. */
export function recordDownload(state: State, operation: Of<'download'>, stat: DiskStat): void {
  const { id, place, contentId, contentRev, size, mtimeMs, serverExecutable: executable } = operation;
  const local = state.local.get(id);
  const before = state.synced.get(id);
  const at = local ?? { ...place, diskName: place.name };
  state.local.put({
    id,
    kind: 'file',
    parentId: at.parentId,
    name: at.name,
    diskName: at.diskName,
    stat,
    contentId,
    missingSince: null,
  });
  // Agreed on also when the server has gone on meanwhile: what it has by now, be it nothing, follows this.
  const { parentId, name } = (local && before) ?? place;
  const placeRev = state.remote.get(id)?.placeRev ?? 0;
  state.synced.put({ id, kind: 'file', parentId, name, contentId, size, mtimeMs, executable, contentRev, placeRev });
}

/** The server made this folder, or already had it. */
export function recordRemoteFolder(state: State, place: Place, node: RemoteNode): void {
  state.remote.put(node);
  state.sent.settle(node.id, 'place');
  if (state.local.get(node.id)) state.synced.put(agreed(node, place));
}

/** The server moved this node; of what it answered only the place is agreed by that. */
export function recordRemoteMove(state: State, place: Place, node: RemoteNode): void {
  state.remote.put(node);
  state.sent.settle(node.id, 'place');
  const before = state.synced.get(node.id);
  if (before) state.synced.put({ ...before, ...place, placeRev: node.placeRev });
}

/** The server took what was changed here; what it has besides is not agreed by that. */
export function recordRemoteMetadata(
  state: State,
  { mtimeMs, executable }: Of<'setRemoteMetadata'>,
  node: RemoteNode,
): void {
  state.remote.put(node);
  state.sent.settle(node.id, 'metadata');
  const before = state.synced.get(node.id);
  if (!before) return;
  state.synced.put({ ...before, mtimeMs: mtimeMs ?? before.mtimeMs, executable: executable ?? before.executable });
}

/** A folder stands on disk where the server has it. */
export function recordNewFolder(state: State, id: NodeId, place: Place, stat: DiskStat): void {
  const { parentId, name } = place;
  state.local.put({ id, kind: 'folder', parentId, name, diskName: name, stat, contentId: null, missingSince: null });
  const remote = state.remote.get(id);
  if (remote) state.synced.put(agreed(remote, place));
}

/** The disk has followed: of what the server says, the place is agreed if this is it. */
export function recordLocalMove(state: State, local: LocalNode, place: Place, stat: DiskStat): void {
  const { parentId, name } = place;
  state.local.put({ ...moved(local, stat), parentId, name, diskName: name });
}

/** Under its new name on disk. Somebody may have written into it on the way: then its content is not known. */
export const moved = (local: LocalNode, stat: DiskStat): LocalNode => ({
  ...local,
  stat,
  contentId: sameObservation(renamed(local.stat), stat) ? local.contentId : null,
});

/**
 * The disk has taken the server's mtime and executable bit. Had somebody written into the file right before its time was
 * set, nothing would show it: its content has to be read once more.
 */
export function recordLocalMetadata(state: State, local: LocalNode, stat: DiskStat): void {
  state.local.put({ ...local, stat, contentId: null });
}

/** These lie in `.driftless/tmp`: also those of which a crash kept the record from being written. */
export function recordParked(state: State, ids: readonly NodeId[]): void {
  for (const id of ids) {
    const local = state.local.get(id);
    if (!local) continue;
    const diskName = parkingPlace(id).join('/');
    state.local.put({ ...local, parentId: PARKED, name: id, diskName, stat: renamed(local.stat) });
  }
}

/** Gone from the disk, as wanted. What was known inside a folder can only have left it a moment before. */
export function recordRemoval(state: State, id: NodeId, now: number): void {
  for (const child of state.local.children(id)) state.local.put({ ...child, missingSince: child.missingSince ?? now });
  state.local.remove(id);
}
