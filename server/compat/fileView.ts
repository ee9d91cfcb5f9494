import { sql } from 'kysely';
import { paths } from '../../shared/api/paths.ts';
import type { FileType } from '../../shared/fileTypes.ts';
import type { NodeId, UserId } from '../../shared/ids.ts';
import { padded } from '../db/lists.ts';
import type { Db } from '../db/schema.ts';
import { clockDuration } from './words.ts';

/** A file as the clients of those systems know one: a row of their table `user_files`. */
export interface FileView {
  readonly id: NodeId;
  readonly user_id: UserId;
  readonly file_name: string;
  readonly file_type: FileType;
  readonly mime_type: string;
  readonly file_size: number;
  /** Where it lies in the user's tree. */
  readonly file_path: string;
  /** Its name in the storage. */
  readonly stored_file_name: string;
  /** Address of a picture; null: there is none, or none yet. */
  readonly thumbnail_path: string | null;
  /** `1920x1080` */
  readonly resolution: string | null;
  /** `00:02:30` */
  readonly duration: string | null;
  readonly package_name: string | null;
  readonly tags: readonly string[];
  readonly is_favorite: boolean;
  readonly category: string | null;
  readonly subcategory: string | null;
  readonly entity_id: string | null;
  readonly metadata: unknown;
  /** ISO 8601. */
  readonly upload_date: string;
}

interface Row {
  readonly id: NodeId;
  readonly name: string;
  readonly path: string;
  readonly file_type: FileType;
  readonly size: number;
  readonly tags: string | null;
  readonly favourite: number;
  readonly category: string | null;
  readonly subcategory: string | null;
  readonly entity_id: string | null;
  readonly attributes: string | null;
  readonly content_at: number;
  readonly key: string;
  readonly mime: string | null;
  readonly width: number | null;
  readonly height: number | null;
  readonly duration_ms: number | null;
  readonly thumbnail: number | null;
}

/** Live files by their ids, in this order; those that are none are left out. */
export async function fileViews(db: Db, userId: UserId, ids: readonly NodeId[]): Promise<FileView[]> {
  if (ids.length === 0) return [];
  const { rows } = await sql<Row>`
    with recursive up (id, parent_id, path) as (
      select id, parent_id, name from nodes
      where user_id = ${userId} and state = 'live' and kind = 'file' and id in (${sql.join(padded(ids))})
      union all
      select up.id, n.parent_id, n.name || '/' || up.path
      from up join nodes n on n.user_id = ${userId} and n.id = up.parent_id
    )
    select n.id, n.name, up.path, n.file_type, n.size, n.tags, n.favourite, n.category, n.subcategory, n.entity_id,
      n.attributes, n.content_at, o.key, m.mime, m.width, m.height, m.duration_ms, m.thumbnail
    from up
    join nodes n on n.user_id = ${userId} and n.id = up.id
    join objects o on o.user_id = n.user_id and o.content_id = n.content_id
    left join media m on m.user_id = n.user_id and m.content_id = n.content_id
    where up.parent_id is null`.execute(db);
  const views = new Map(rows.map((row) => [row.id, viewOf(userId, row)]));
  return ids.flatMap((id) => views.get(id) ?? []);
}

const viewOf = (userId: UserId, row: Row): FileView => ({
  id: row.id,
  user_id: userId,
  file_name: row.name,
  file_type: row.file_type,
  mime_type: row.mime ?? 'application/octet-stream',
  file_size: row.size,
  file_path: row.path,
  stored_file_name: row.key.slice(row.key.lastIndexOf('/') + 1),
  thumbnail_path: row.thumbnail ? paths.thumbnail(row.id) : null,
  resolution: row.width && row.height ? `${row.width}x${row.height}` : null,
  duration: row.duration_ms === null ? null : clockDuration(row.duration_ms),
  package_name: row.entity_id,
  tags: row.tags === null ? [] : (JSON.parse(row.tags) as string[]),
  is_favorite: row.favourite === 1,
  category: row.category,
  subcategory: row.subcategory,
  entity_id: row.entity_id,
  metadata: row.attributes === null ? null : JSON.parse(row.attributes),
  upload_date: new Date(row.content_at).toISOString(),
});
