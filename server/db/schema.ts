import type { Generated, Kysely } from 'kysely';
import type { Activity } from '../../shared/api/storage.ts';
import type { FileType } from '../../shared/fileTypes.ts';
import type { ChunkHash, ContentId, DeviceId, NodeId, UploadId, UserId } from '../../shared/ids.ts';

/** The tables, as both databases hold them. Times are Unix ms, sizes bytes, booleans 0 or 1, no limit is null. */
export interface Schema {
  audit: AuditTable;
  meta: { key: string; value: string };
  plans: { name: string; quota_bytes: number | null };
  users: UserTable;
  enrolment_tokens: { token_hash: string; user_id: UserId; created_at: number };
  devices: DeviceTable;
  pairings: { user_id: UserId; code_hash: string; expires_at: number };
  sign_in_attempts: { subject: string; failures: number; locked_until: number; last_at: number };
  sessions: { token_hash: string; device_id: DeviceId; user_id: UserId; expires_at: number };
  nodes: NodeRow & { attributes: Generated<string | null> };
  versions: VersionRow;
  changes: { user_id: UserId; seq: number; node_id: NodeId; nonce: string };
  objects: ObjectTable;
  chunks: { user_id: UserId; hash: ChunkHash; object_id: string; position: number; length: number };
  uploads: UploadTable;
  upload_chunks: { upload_id: UploadId; n: number; hash: ChunkHash; position: number; length: number };
  upload_parts: UploadPartTable;
  node_tags: { user_id: UserId; tag: string; node_id: NodeId };
  tags: { user_id: UserId; tag: string; nodes: number };
  usage_breakdown: { user_id: UserId; file_type: FileType; category: string; bytes: number; files: number };
  search_users: { number: Generated<number>; user_id: UserId };
  search_nodes: { n: number; user_id: UserId; node_id: NodeId };
  links: LinkRow;
  search_pending: { user_id: UserId; node_id: NodeId };
  media: MediaTable;
  media_runs: { user_id: UserId; first: number; run: string };
  quarantine: QuarantineRow;
}

export type Db = Kysely<Schema>;

interface UserTable {
  id: UserId;
  name: string;
  role: 'user' | 'admin';
  plan: string;
  quota_bytes: number | null;
  head_seq: Generated<number>;
  used_bytes: Generated<number>;
  reserved_bytes: Generated<number>;
  kept_bytes: Generated<number>;
  file_count: Generated<number>;
  media_head: Generated<number>;
  password: Generated<string | null>;
  clerk_id: Generated<string | null>;
  disabled_at: Generated<number | null>;
  /** 1: `quota_bytes` is the user's own and not the plan's. */
  quota_overridden: Generated<number>;
  /** Who made the latest change, and how many changes said so: see migrations/0006-accounts.ts. */
  acting: Generated<string | null>;
  acted: Generated<number>;
  created_at: number;
}

interface AuditTable {
  id: Generated<number>;
  at: number;
  user_id: UserId | null;
  action: Activity['action'];
  node_id: NodeId | null;
  path: string | null;
  /** By how much live files grew. */
  bytes: Generated<number>;
  /** Of the file then; null: of none. */
  size: Generated<number | null>;
  by: string | null;
  detail: string | null;
}

interface DeviceTable {
  id: DeviceId;
  user_id: UserId;
  name: string;
  platform: string;
  secret_hash: string;
  seen_at: Generated<number | null>;
  created_at: number;
}

/** `trashed_with` is the id of the node whose trashing took this one along; the node itself names itself. */
export interface NodeRow {
  user_id: UserId;
  id: NodeId;
  parent_id: NodeId | null;
  name: string;
  name_key: string;
  kind: 'file' | 'folder';
  state: 'live' | 'trashed' | 'purged';
  content_id: ContentId | null;
  size: number;
  mtime_ms: number;
  executable: number;
  content_rev: number;
  place_rev: number;
  meta_rev: number;
  seq: number;
  confirmed: number;
  trashed_with: NodeId | null;
  trashed_at: number | null;
  content_at: number;
  favourite: number;
  /** JSON array: the truth; `node_tags` and `tags` follow by triggers, for live nodes. */
  tags: string | null;
  category: string | null;
  subcategory: string | null;
  entity_id: string | null;
  /** Of its name. */
  file_type: FileType | 'folder';
}

/** Content that a node had before its present one. */
export interface VersionRow {
  user_id: UserId;
  node_id: NodeId;
  content_rev: number;
  content_id: ContentId;
  size: number;
  mtime_ms: number;
  content_at: number;
  replaced_at: number;
}

/** One stored object per user and content; `refs` counts the nodes and versions that show it, by triggers. */
interface ObjectTable {
  user_id: UserId;
  content_id: ContentId;
  id: string;
  store: string;
  key: string;
  size: number;
  created_at: number;
  refs: Generated<number>;
  chunk_list: Uint8Array;
  media_state: Generated<'waiting' | 'done'>;
  /** How often the process that looked at it has died of it. */
  media_attempts: Generated<number>;
}

/** What was found in some content; `n` counts up for each user. There is a row for exactly the objects that are done. */
interface MediaTable {
  user_id: UserId;
  content_id: ContentId;
  n: number;
  mime: string;
  width: number | null;
  height: number | null;
  duration_ms: number | null;
  codec: string | null;
  taken_at: number | null;
  camera: string | null;
  pages: number | null;
  blurhash: string | null;
  /** The largest size that is stored; 0: none. */
  thumbnail: number;
  reason: string | null;
  /** What has to be installed before another look can show more. */
  missing_tool: string | null;
}

/** See migrations/0009-quarantine.ts. */
export interface QuarantineRow {
  id: string;
  user_id: UserId;
  content_id: ContentId;
  size: number;
  state: 'arriving' | 'held' | 'freed' | 'released' | 'gone';
  key: string | null;
  why: string;
  draft: string;
  chunk_list: Uint8Array;
  at: number;
  store: string;
}

interface UploadTable {
  id: UploadId;
  user_id: UserId;
  node_id: NodeId;
  parent_id: NodeId | null;
  name: string;
  base_content_rev: number | null;
  size: number;
  mtime_ms: number;
  executable: number | null;
  part_size: number;
  state: 'open' | 'completed' | 'gone';
  reserved_bytes: number;
  object_id: string;
  object_key: string;
  chunk_count: Generated<number>;
  chunk_bytes: Generated<number>;
  manifest_whole: Generated<number>;
  planned_chunks: Generated<number>;
  /** JSON of the node as it was when the upload completed. */
  result: Generated<string | null>;
  expires_at: number;
  /** Where it is put together. */
  store: string;
  /** A bucket's own id of it; null: nothing was begun there. */
  multipart: Generated<string | null>;
}

interface UploadPartTable {
  upload_id: UploadId;
  part: number;
  position: number;
  length: number;
  first_chunk: number;
  chunk_count: number;
  /** JSON: byte ranges that the client sends. */
  send: string;
  /** JSON: runs that the server copies (CopyRun). */
  copies: string;
  /** In a bucket; null: it is not whole there. */
  etag: Generated<string | null>;
  /** Chunks that a bucket keeps of one that broke off, of those that the client sends. */
  there: Generated<number>;
}

/** A file that its owner has shared. */
export interface LinkRow {
  id: string;
  user_id: UserId;
  node_id: NodeId;
  created_at: number;
  expires_at: number;
  revoked_at: number | null;
  downloads: number;
}
