import { z } from 'zod';
import { ChunkHash, ContentId, UploadId } from '../ids.ts';
import { MANIFEST_MAX_CHUNKS } from './limits.ts';
import { FileDraft, Node } from './nodes.ts';

/** `[hash, length in bytes]`, in file order. */
export const ChunkTuple = z.tuple([ChunkHash, z.number().int().positive()]);

/** Byte range of a file: `[offset, length]`. */
export const ByteRange = z.tuple([z.number().int().nonnegative(), z.number().int().positive()]);
export type ByteRange = z.infer<typeof ByteRange>;

/**
 * Upload of one file: open → manifest (in pieces, as the client chunks) → parts → complete. Opening reserves quota.
 * The id is the client's: opening again with the same id answers with the session as it stands.
 */
export const OpenUpload = FileDraft.extend({ uploadId: UploadId });
export type OpenUpload = z.infer<typeof OpenUpload>;

/** The next chunks of the file, beginning with chunk number `from`. Chunks already known must be the same. */
export const AppendManifest = z.object({
  from: z.number().int().nonnegative(),
  chunks: z.array(ChunkTuple).max(MANIFEST_MAX_CHUNKS),
  last: z.boolean().describe('The manifest is whole with these chunks'),
});
export type AppendManifest = z.infer<typeof AppendManifest>;

/**
 * One part of the plan: `length` bytes of the file at `offset`. The client sends the ranges in `send`, one after the
 * other, as the body of the part's PUT; what lies between them, or all of a part that sends nothing, the server
 * copies from objects that the same user already has.
 */
export const Part = z.object({
  part: z.number().int().nonnegative(),
  offset: z.number().int().nonnegative(),
  length: z.number().int().positive(),
  send: z.array(ByteRange),
});
export type Part = z.infer<typeof Part>;

/** Parts that became final with this piece of the manifest, in order. */
export const ManifestResponse = z.object({ parts: z.array(Part) });
export type ManifestResponse = z.infer<typeof ManifestResponse>;

export const CompleteUpload = z.object({ contentId: ContentId });
export type CompleteUpload = z.infer<typeof CompleteUpload>;

export const UploadStatus = z.object({
  uploadId: UploadId,
  state: z.enum(['open', 'completed']),
  partSize: z.number().int(),
  chunkCount: z.number().int().describe('Chunks of the manifest received so far'),
  parts: z.array(Part.extend({ received: z.boolean() })).describe('Parts that the client sends'),
  expiresAt: z.number().int().describe('Unix ms; moves with every part'),
  node: Node.nullable().describe('The stored result, once completed'),
});
export type UploadStatus = z.infer<typeof UploadStatus>;
