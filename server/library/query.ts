import type { FileType } from '../../shared/fileTypes.ts';
import type { NodeId } from '../../shared/ids.ts';
import type { NodeRow } from '../db/schema.ts';

/** What a list or a search shows; what is not named narrows nothing. All that is named must hold. */
export interface LibraryQuery {
  readonly state: 'live' | 'trashed';
  /** null: at the top. */
  readonly parentId?: NodeId | null | undefined;
  /** Terms, all of which a name or its tags hold, as people type them. */
  readonly q?: string | undefined;
  readonly types: readonly (FileType | 'folder')[];
  /** All of them, whatever their case. */
  readonly tags: readonly string[];
  readonly favourite?: boolean | undefined;
  readonly category?: string | undefined;
  readonly subcategory?: string | undefined;
  readonly entityId?: string | undefined;
  readonly sort: Sort;
  readonly order: Order;
  /** `next` of the page before. */
  readonly cursor?: string | undefined;
  readonly limit: number;
}

export type Order = 'asc' | 'desc';

/** Each order has an index of its own, which ends in the row's number: that breaks ties. */
export const SORTS = {
  name: { key: 'name_key', type: 'string', index: 'nodes_by_name' },
  size: { key: 'size', type: 'number', index: 'nodes_by_size' },
  added: { key: 'id', type: 'string', index: 'nodes_by_id' },
  modified: { key: 'mtime_ms', type: 'number', index: 'nodes_by_mtime' },
  type: { key: 'file_type', type: 'string', index: 'nodes_by_type' },
  /** Files by the arrival of their content. */
  recent: { key: 'content_at', type: 'number', index: 'nodes_by_content_age' },
  /** What is in the trash, by the time it went there. */
  deleted: { key: 'trashed_at', type: 'number', index: 'nodes_by_trash_age' },
} as const satisfies Record<
  string,
  { readonly key: keyof NodeRow; readonly type: 'string' | 'number'; readonly index: string }
>;

export type Sort = keyof typeof SORTS;
