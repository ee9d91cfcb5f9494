import { GiB, KiB, MiB } from '../bytes.ts';

/** Files up to this size travel packed, many in a request. */
export const SMALL_FILE_BYTES = 256 * KiB;
/** A pack holds at most this many files … */
export const PACK_MAX_FILES = 256;
/** … and at most this many bytes of content. */
export const PACK_MAX_BYTES = 8 * MiB;

/**
 * Smallest part of an upload but for its last: few requests for many bytes. What has arrived of a part that breaks off
 * counts, so its size costs nothing then. S3's lower limit for a multipart part is 5 MiB.
 */
export const MIN_PART_BYTES = 16 * MiB;
/** Smallest part that the server makes of what it has; S3's lower limit. */
export const MIN_COPIED_PART_BYTES = 5 * MiB;
/** S3 allows 10,000 parts; staying below leaves room for parts that end early at a chunk's border. */
export const MAX_PARTS = 8_000;
/** Part size of an upload in bytes; parts end at the first chunk border at or after it. */
export const partSizeFor = (size: number): number => Math.max(MIN_PART_BYTES, Math.ceil(size / MAX_PARTS));
/** The same of a part that the server makes of what it has. */
export const copiedPartSizeFor = (size: number): number => Math.max(MIN_COPIED_PART_BYTES, Math.ceil(size / MAX_PARTS));

/** Chunks in one manifest request. */
export const MANIFEST_MAX_CHUNKS = 4_096;
/** Operations in one batch of tree changes. */
export const OPERATIONS_MAX = 1_000;
/** Rows in one page of the change feed. */
export const CHANGES_PAGE = 2_000;
/** Cursors that a device keeps to find the last point that it and a restored server share. */
export const CHECKPOINTS_MAX = 64;

/** Default limit of one file's size; the server's configuration may raise or lower it. */
export const DEFAULT_MAX_FILE_BYTES = 2 * GiB;

/** Event streams carry a comment this often, in ms, so that both ends can tell silence from a dead connection. */
export const EVENTS_KEEPALIVE_MS = 30_000;
/** A client that has heard nothing for this long, in ms, reconnects. */
export const EVENTS_SILENCE_MS = 75_000;
