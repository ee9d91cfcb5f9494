import type { FileDraft } from '../../../shared/api/nodes.ts';
import type { Chunk } from '../../../shared/chunking/contentId.ts';
import type { NodeId, UploadId } from '../../../shared/ids.ts';
import type { DiskStat } from '../model.ts';
import type { StateDatabase } from './database.ts';

/** An upload under way: what a crash must not lose, so that only what the server lacks is sent again. */
export interface OpenUploadRow {
  readonly uploadId: UploadId;
  readonly draft: FileDraft;
  readonly stat: DiskStat;
  readonly chunks: readonly Chunk[];
}

/** One upload a node. The manifest is kept in pieces, because it grows while the file is still being chunked. */
export interface Uploads {
  get(nodeId: NodeId): OpenUploadRow | null;
  open(nodeId: NodeId, upload: Omit<OpenUploadRow, 'chunks'>): void;
  /** The next chunks, beginning with chunk number `from`. */
  append(nodeId: NodeId, from: number, chunks: readonly Chunk[]): void;
  remove(nodeId: NodeId): void;
}

type Head = Omit<OpenUploadRow, 'chunks'>;

/** JSON has no 64-bit integers: they travel as text with a mark. */
const toJson = (head: Head): string =>
  JSON.stringify(head, (_key, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value));

const fromJson = (text: string): Head => {
  const head = JSON.parse(text) as Head;
  const stat = Object.fromEntries(
    Object.entries(head.stat).map(([key, value]: [string, unknown]) => [
      key,
      typeof value === 'string' && /^\d+n$/.test(value) ? BigInt(value.slice(0, -1)) : value,
    ]),
  ) as unknown as DiskStat;
  return { ...head, stat };
};

export function openUploads(db: StateDatabase): Uploads {
  const select = db.prepare<[string], string>('SELECT head FROM uploads WHERE node_id = ?').pluck();
  const pieces = db
    .prepare<[string], string>('SELECT chunks FROM upload_pieces WHERE node_id = ? ORDER BY piece')
    .pluck();
  const remove = db.prepare('DELETE FROM uploads WHERE node_id = ?');
  const insert = db.prepare('INSERT INTO uploads VALUES (?, ?)');
  const append = db.prepare('INSERT OR REPLACE INTO upload_pieces VALUES (?, ?, ?)');
  return {
    get(nodeId) {
      const head = select.get(nodeId);
      if (head === undefined) return null;
      return { ...fromJson(head), chunks: pieces.all(nodeId).flatMap((chunks) => JSON.parse(chunks) as Chunk[]) };
    },
    open: (nodeId, head) => {
      remove.run(nodeId);
      insert.run(nodeId, toJson(head));
    },
    append: (nodeId, from, chunks) => void append.run(nodeId, from, JSON.stringify(chunks)),
    remove: (nodeId) => void remove.run(nodeId),
  };
}
