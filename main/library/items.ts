import type { FolderEntry, ItemDetail, ItemSync, LibraryItem, TagCount } from '../../shared/desktop/library.ts';
import type { NodeId } from '../../shared/ids.ts';
import type { Insight } from '../engine/insight/insight.ts';
import { PAUSED } from '../engine/insight/transfers.ts';
import { conflictOf } from '../engine/plan/conflictName.ts';
import { LISTED, type LibraryDatabase } from './database.ts';
import type { Folders } from './folders.ts';
import { type NodeRow, tagsIn } from './nodeTable.ts';
import { folded } from './words.ts';

type Row = NodeRow & {
  readonly thumbnail: number | null;
  readonly blurhash: string | null;
  readonly width: number | null;
  readonly height: number | null;
  readonly duration_ms: number | null;
  readonly mime: string | null;
  readonly codec: string | null;
  readonly taken_at: number | null;
  readonly camera: string | null;
  readonly pages: number | null;
  readonly reason: string | null;
};

/** Rows as the window shows them: what is stored, and how it is going with them at this moment. */
export class Items {
  readonly #db: LibraryDatabase;
  readonly #folders: Folders;
  readonly #insight: Insight;
  readonly #byNumber;
  readonly #byId;

  constructor(db: LibraryDatabase, folders: Folders, insight: Insight) {
    this.#db = db;
    this.#folders = folders;
    this.#insight = insight;
    const media = 'LEFT JOIN media ON media.content_id = nodes.content_id';
    const columns = `nodes.*, ${MEDIA_COLUMNS}`;
    // One question for a whole page: a hundred of them would cost thirty times as much.
    this.#byNumber = db.prepare<[string], Row>(
      `SELECT ${columns} FROM json_each(?) AS wanted CROSS JOIN nodes ON nodes.n = wanted.value ${media}`,
    );
    this.#byId = db.prepare<[string], Row>(`SELECT ${columns} FROM nodes ${media} WHERE id = ?`);
  }

  rows(numbers: Int32Array): LibraryItem[] {
    return this.#byNumber.all(jsonOf(numbers)).map((row) => this.#item(row));
  }

  ids(numbers: Int32Array): NodeId[] {
    return this.#db
      .prepare<[string], NodeId>(
        'SELECT nodes.id FROM json_each(?) AS wanted CROSS JOIN nodes ON nodes.n = wanted.value',
      )
      .pluck()
      .all(jsonOf(numbers));
  }

  item(id: NodeId): LibraryItem | null {
    const row = this.#byId.get(id);
    return row && row.listed !== LISTED.gone ? this.#item(row) : null;
  }

  detail(id: NodeId): ItemDetail | null {
    const row = this.#byId.get(id);
    if (!row || row.listed === LISTED.gone) return null;
    return {
      ...this.#item(row),
      path: this.#folders.path(row.parent_id || null),
      mime: row.mime,
      codec: row.codec,
      takenAt: row.taken_at,
      camera: row.camera,
      pages: row.pages,
      noThumbnail: row.reason,
      trashedAt: row.trashed_at,
      onDisk: row.standing !== 'there',
    };
  }

  foldersInside(id: NodeId | null): FolderEntry[] {
    const { cloudOnly } = this.#insight;
    return this.#folders
      .inside(id)
      .map((folder) => ({
        ...folder,
        hasFolders: this.#folders.hasInside(folder.id),
        cloudOnly: cloudOnly.has(folder.id),
      }))
      .sort((a, b) => a.name.localeCompare(b.name, undefined, { numeric: true }));
  }

  tags(prefix: string, limit: number): TagCount[] {
    const start = folded(prefix);
    return this.#db
      .prepare<[number, string, number], TagCount>(
        'SELECT tag, count(*) AS count FROM tags WHERE substr(key, 1, ?) = ? GROUP BY key ORDER BY count DESC, key LIMIT ?',
      )
      .all(start.length, start, limit);
  }

  /** A node that shows this content, so that the server can be asked about it; null: none does. */
  withContent(contentId: string): NodeId | null {
    const id = this.#db.prepare<[string], NodeId>('SELECT id FROM nodes WHERE content_id = ? AND listed <> 0 LIMIT 1');
    return id.pluck().get(contentId) ?? null;
  }

  #item(row: Row): LibraryItem {
    return {
      id: row.id,
      name: row.name,
      kind: row.file === 1 ? 'file' : 'folder',
      type: row.type,
      size: row.file === 1 ? row.size : this.#folders.bytes(row.id),
      addedAt: row.added_at,
      modifiedAt: row.modified_at,
      favourite: row.favourite === 1,
      tags: tagsIn(row.tags),
      thumbnail: row.thumbnail === 1 ? row.content_id : null,
      blurhash: row.blurhash,
      width: row.width,
      height: row.height,
      durationMs: row.duration_ms,
      sync: this.#sync(row),
    };
  }

  #sync(row: Row): ItemSync {
    if (row.listed !== LISTED.live) return { state: 'synced' };
    const conflict = row.file === 1 && conflictOf(row.name) !== null;
    if (row.standing === 'agreed') return { state: conflict ? 'conflict' : 'synced' };
    const problem = this.#insight.problemOf(row.id);
    if (problem !== null && problem.code !== PAUSED) return { state: 'problem', message: problem.message };
    const transfer = row.file === 1 ? this.#insight.transferOf(row.id) : null;
    if (transfer?.running) {
      const progress = transfer.bytesTotal === 0 ? 0 : Math.min(1, transfer.bytesDone / transfer.bytesTotal);
      return { state: transfer.direction === 'up' ? 'uploading' : 'downloading', progress };
    }
    if (row.standing === 'there' && this.#isCloudOnly(row)) return { state: 'cloud-only' };
    return { state: conflict ? 'conflict' : 'waiting' };
  }

  #isCloudOnly({ id, parent_id }: Row): boolean {
    const { cloudOnly } = this.#insight;
    if (cloudOnly.size === 0) return false;
    if (cloudOnly.has(id)) return true;
    for (const above of this.#folders.upFrom(parent_id || null)) if (cloudOnly.has(above)) return true;
    return false;
  }
}

const jsonOf = (numbers: Int32Array): string => JSON.stringify([...numbers]);

const MEDIA_COLUMNS = [
  ...['thumbnail', 'blurhash', 'width', 'height', 'duration_ms', 'mime', 'codec', 'taken_at', 'camera', 'pages'],
  'reason',
]
  .map((column) => `media.${column}`)
  .join(', ');
