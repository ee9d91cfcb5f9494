import { z } from 'zod';

/**
 * Identities. Node, upload and device ids are UUIDv7 made by whoever creates the thing, so that creating is
 * idempotent by id. Content ids and chunk hashes are SHA-256 in lower-case hex.
 */
const uuid = z.string().regex(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/, 'a UUIDv7');
const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'a SHA-256 in hex');

export const NodeId = uuid.brand('NodeId');
export type NodeId = z.infer<typeof NodeId>;

export const UploadId = uuid.brand('UploadId');
export type UploadId = z.infer<typeof UploadId>;

export const DeviceId = uuid.brand('DeviceId');
export type DeviceId = z.infer<typeof DeviceId>;

export const UserId = uuid.brand('UserId');
export type UserId = z.infer<typeof UserId>;

/** Identifies a file's content everywhere: see chunking/contentId.ts for what it covers. */
export const ContentId = sha256.brand('ContentId');
export type ContentId = z.infer<typeof ContentId>;

export const ChunkHash = sha256.brand('ChunkHash');
export type ChunkHash = z.infer<typeof ChunkHash>;
