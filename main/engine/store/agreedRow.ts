import type { ContentId, NodeId } from '../../../shared/ids.ts';
import type { Kind, SyncedNode } from '../model.ts';

/** A node as both sides agreed on it, in every table that keeps such. */
export const AGREED_COLUMNS = `
  id TEXT PRIMARY KEY,
  parent_id TEXT NOT NULL,
  name TEXT NOT NULL,
  kind TEXT NOT NULL,
  content_id TEXT,
  size INTEGER NOT NULL,
  mtime_ms INTEGER NOT NULL,
  executable INTEGER NOT NULL,
  content_rev INTEGER NOT NULL,
  place_rev INTEGER NOT NULL`;

export interface AgreedRow {
  readonly id: string;
  readonly parent_id: string;
  readonly name: string;
  readonly kind: string;
  readonly content_id: string | null;
  readonly size: number;
  readonly mtime_ms: number;
  readonly executable: number;
  readonly content_rev: number;
  readonly place_rev: number;
}

export const agreedNode = (row: AgreedRow): SyncedNode => ({
  id: row.id as NodeId,
  parentId: row.parent_id === '' ? null : (row.parent_id as NodeId),
  name: row.name,
  kind: row.kind as Kind,
  contentId: row.content_id as ContentId | null,
  size: row.size,
  mtimeMs: row.mtime_ms,
  executable: row.executable !== 0,
  contentRev: row.content_rev,
  placeRev: row.place_rev,
});

/** In the order of the columns. */
export const agreedValues = (node: SyncedNode): readonly (string | number | null)[] => [
  node.id,
  node.parentId ?? '',
  node.name,
  node.kind,
  node.contentId,
  node.size,
  node.mtimeMs,
  node.executable ? 1 : 0,
  node.contentRev,
  node.placeRev,
];
