import { z } from 'zod';
import { ContentId, NodeId } from '../ids.ts';
import { PACK_MAX_FILES } from './limits.ts';
import { FileDraft, OperationResult } from './nodes.ts';
import { Problem } from './problem.ts';
import { ChunkTuple } from './uploads.ts';

/**
 * Small files travel packed. A pack is a sequence of frames: header length (32-bit, big-endian), header (JSON, UTF-8),
 * then `size` bytes of content. Media type `application/vnd.driftless.pack`.
 */
export const PACK_MEDIA_TYPE = 'application/vnd.driftless.pack';

/** Header of an uploaded frame. */
export const PackedFile = FileDraft.extend({ contentId: ContentId, chunks: z.array(ChunkTuple) });
export type PackedFile = z.infer<typeof PackedFile>;

/** One result for each frame, in order: a refused file never holds up its neighbours. */
export const PackUploadResponse = z.object({ results: z.array(OperationResult) });
export type PackUploadResponse = z.infer<typeof PackUploadResponse>;

export const PackDownloadRequest = z.object({
  files: z
    .array(z.object({ nodeId: NodeId, contentId: ContentId }))
    .min(1)
    .max(PACK_MAX_FILES),
});
export type PackDownloadRequest = z.infer<typeof PackDownloadRequest>;

/** Header of a downloaded frame; with a problem `size` is 0. */
export const PackedDownload = z.object({
  nodeId: NodeId,
  contentId: ContentId,
  size: z.number().int().nonnegative(),
  problem: Problem.optional(),
});
export type PackedDownload = z.infer<typeof PackedDownload>;

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const LENGTH_BYTES = 4;
/** A header is a few hundred bytes; more than this is not a pack. */
const MAX_HEADER_BYTES = 64 * 1024;

/** Length prefix and header of one frame; the content follows it. */
export function frameHead(header: { readonly size: number }): Uint8Array {
  const json = encoder.encode(JSON.stringify(header));
  const head = new Uint8Array(LENGTH_BYTES + json.length);
  new DataView(head.buffer).setUint32(0, json.length);
  head.set(json, LENGTH_BYTES);
  return head;
}

/**
 * Reads one frame at `offset` of a buffer. Returns the raw header and where the content lies, or undefined when the
 * buffer ends inside the frame. Throws when it is no frame.
 */
export function readFrame<T extends { readonly size: number }>(
  bytes: Uint8Array,
  offset: number,
  parseHeader: (json: unknown) => T,
): { header: T; start: number; end: number } | undefined {
  if (bytes.length - offset < LENGTH_BYTES) return undefined;
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(offset);
  if (length > MAX_HEADER_BYTES) throw new Error('not a pack: a frame header is too long');
  const start = offset + LENGTH_BYTES + length;
  if (bytes.length < start) return undefined;
  const header = parseHeader(JSON.parse(decoder.decode(bytes.subarray(offset + LENGTH_BYTES, start))));
  const end = start + header.size;
  return bytes.length < end ? undefined : { header, start, end };
}
