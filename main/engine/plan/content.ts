import { SMALL_FILE_BYTES } from '../../../shared/api/limits.ts';
import { type LocalNode, mtimeMsOf, type RemoteNode, type SyncedNode } from '../model.ts';

/** What has to happen to the content of a file that lives on both sides. */
export type ContentDecision = 'same' | 'hash' | 'upload' | 'download' | 'conflict';

export function decideContent(local: LocalNode, remote: RemoteNode, synced: SyncedNode | undefined): ContentDecision {
  if (local.contentId !== null && local.contentId === remote.contentId) return 'same';
  if (!synced) return local.contentId === null ? 'hash' : 'conflict';
  const editedThere = remote.contentId !== synced.contentId;
  if (local.contentId === null) return editedThere ? 'hash' : uploadOrHash(local, remote, synced);
  const editedHere = local.contentId !== synced.contentId;
  if (editedHere && editedThere) return 'conflict';
  return editedThere ? 'download' : 'upload';
}

/**
 * A small file of unchanged size may only have been touched: reading it is cheaper than sending it. A large one goes
 * straight to upload, which hashes as it goes and sends only the chunks that the server lacks: none, if none changed. But
 * one with the server's own time has most likely got it from here.
 */
function uploadOrHash({ stat }: LocalNode, remote: RemoteNode, synced: SyncedNode): ContentDecision {
  if (stat.size !== synced.size) return 'upload';
  return stat.size <= SMALL_FILE_BYTES || mtimeMsOf(stat) === remote.mtimeMs ? 'hash' : 'upload';
}
