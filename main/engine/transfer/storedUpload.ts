import type { FileDraft } from '../../../shared/api/nodes.ts';
import type { Chunk } from '../../../shared/chunking/contentId.ts';
import type { ContentId, UploadId } from '../../../shared/ids.ts';
import { type DiskStat, sameObservation } from '../model.ts';

/** What survives a crash of an upload under way, so that nothing is sent twice. */
export interface StoredUpload {
  readonly uploadId: UploadId;
  readonly draft: FileDraft;
  /** The file's stat when its first byte was read. */
  readonly stat: DiskStat;
  /** The manifest so far, from the file's beginning. */
  readonly chunks: readonly Chunk[];
}

/**
 * A change of what is stored about an upload. It is to be stored before the callback returns: the next thing that
 * happens is that the server learns of it.
 */
export type UploadChange =
  | { readonly type: 'opened'; readonly uploadId: UploadId; readonly draft: FileDraft; readonly stat: DiskStat }
  /** The next chunks of the manifest, beginning with chunk number `from`. */
  | { readonly type: 'chunked'; readonly uploadId: UploadId; readonly from: number; readonly chunks: readonly Chunk[] }
  /** All is sent: the server is about to be asked to put it in place. */
  | {
      readonly type: 'completing';
      readonly uploadId: UploadId;
      readonly draft: FileDraft;
      readonly contentId: ContentId;
    }
  /** The session is of no more use: forget it with its chunks. */
  | { readonly type: 'closed'; readonly uploadId: UploadId };

/** True when going on with a stored upload gives what a new one would. */
export function fits(stored: StoredUpload, draft: FileDraft, expected: DiskStat): boolean {
  const then = stored.draft;
  const samePlace = then.parentId === draft.parentId && then.name === draft.name;
  return (
    sameObservation(stored.stat, expected) &&
    then.nodeId === draft.nodeId &&
    then.size === draft.size &&
    then.baseContentRev === draft.baseContentRev &&
    (draft.baseContentRev !== null || samePlace)
  );
}
