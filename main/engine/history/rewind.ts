import type { ContentId, NodeId } from '../../../shared/ids.ts';
import type { Place, RemoteNode, SyncedNode } from '../model.ts';
import { samePlace } from '../plan/place.ts';
import { isLive } from '../plan/trees.ts';

/** What a server that went back in time still shares with this device, and what the device agreed to before. */
export interface SharedPast {
  /** Sequence numbers up to this one mean the same to both; 0: nothing is shared. */
  readonly baseSeq: number;
  /** Whether a content, or a place, of this node had been agreed on and was replaced later. */
  hadContent(id: NodeId, contentId: ContentId | null): boolean;
  hadPlace(id: NodeId, place: Place): boolean;
}

/**
 * What disk and server have agreed on in the history that the server has now, for a node last agreed on as `synced` in
 * the one it had. The planner needs no other rule: what was agreed on since then looks like a change made on this disk,
 * and so is offered again; what also changed on the server since looks like a change made on both sides.
 *
 * undefined: nothing, the node counts as new.
 */
export function rewound(synced: SyncedNode, remote: RemoteNode | undefined, past: SharedPast): SyncedNode | undefined {
  const { baseSeq } = past;
  const agreedSince = synced.contentRev > baseSeq || synced.placeRev > baseSeq;
  // A server that shares nothing has not deleted anything either.
  if (baseSeq === 0 && !isLive(remote)) return undefined;
  if (!remote) return agreedSince ? undefined : synced;
  // In the trash by then, and brought back since.
  if (remote.state !== 'live' && remote.placeRev <= baseSeq && synced.placeRev > baseSeq) return undefined;
  return {
    ...synced,
    ...contentOf(synced, remote, past),
    ...placeOf(synced, remote, past),
    ...metadataOf(synced, remote, past),
  };
}

/**
 * A node whose delete was agreed on and is not part of the server's history any more: what makes the planner delete it
 * once more. undefined: the server has something that nobody had seen when it was deleted, or has it deleted already.
 */
export function deletedAgain(deleted: SyncedNode, remote: RemoteNode | undefined, past: SharedPast) {
  if (past.baseSeq === 0 || deleted.placeRev <= past.baseSeq || !isLive(remote)) return undefined;
  const agreed = rewound({ ...deleted, contentRev: deleted.placeRev }, remote, past);
  return agreed?.contentId === remote.contentId && samePlace(agreed, remote) ? agreed : undefined;
}

/** Equal to nothing that either side can have. */
const NEITHER = { contentId: null, contentRev: 0 } as const;

function contentOf(synced: SyncedNode, remote: RemoteNode, { baseSeq, hadContent }: SharedPast): Partial<SyncedNode> {
  const { contentId, size, contentRev } = remote;
  if (contentId === synced.contentId) return { contentRev };
  if (synced.contentRev <= baseSeq) return {};
  const isOlder = contentRev <= baseSeq || hadContent(remote.id, contentId);
  return isOlder ? { contentId, size, contentRev } : NEITHER;
}

function placeOf(synced: SyncedNode, remote: RemoteNode, { baseSeq, hadPlace }: SharedPast): Partial<SyncedNode> {
  const { parentId, name, placeRev } = remote;
  if (samePlace(synced, remote)) return { placeRev };
  if (synced.placeRev <= baseSeq) return {};
  // Whoever deleted it since did not know where it had gone: then the move counts.
  const isOlder = placeRev <= baseSeq || remote.state !== 'live' || hadPlace(remote.id, remote);
  return isOlder ? { parentId, name, placeRev } : { placeRev: 0 };
}

/** Times and executable bit have no sequence number of their own; what this disk had yet to take stays so. */
function metadataOf(synced: SyncedNode, remote: RemoteNode, { baseSeq }: SharedPast): Partial<SyncedNode> {
  const yetToCome = synced.contentRev <= baseSeq && remote.contentRev > synced.contentRev;
  return remote.metaRev > baseSeq || yetToCome ? {} : { mtimeMs: remote.mtimeMs, executable: remote.executable };
}
