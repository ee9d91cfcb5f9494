import type { UploadId } from '../../../shared/ids.ts';
import type { ObjectKey } from '../store.ts';

/** An upload's object under construction in a bucket. */
export interface BookedUpload {
  readonly key: ObjectKey;
  readonly size: number;
  /** The bucket's own id of it; null: nothing was begun. */
  readonly multipart: string | null;
}

/** A part as it is known to lie in the bucket. */
export interface BookedPart {
  readonly part: number;
  /** null: it is not whole. */
  readonly etag: string | null;
  /** Chunks that are kept of one which broke off, of those that the client sends, from the first on. */
  readonly there: number;
}

/**
 * What is known of uploads under way. It lies where every copy of the server sees it, so that an upload which began at
 * one goes on at another.
 */
export interface StagingBook {
  /** Undefined: there is no such upload. */
  upload(id: UploadId): Promise<BookedUpload | undefined>;
  /** Notes the bucket's id. Returns the one that counts, which is another's where two have begun at once. */
  begin(id: UploadId, multipart: string): Promise<string>;
  /** In order. */
  parts(id: UploadId): Promise<readonly BookedPart[]>;
  /** A part is whole. */
  stored(id: UploadId, part: number, etag: string): Promise<void>;
  /** So many chunks are kept of a part that broke off. */
  kept(id: UploadId, part: number, chunks: number): Promise<void>;
  /** Nothing of it is there any more. */
  reset(id: UploadId): Promise<void>;
}
