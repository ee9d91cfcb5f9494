import type { NodeId } from '../../../shared/ids.ts';
import type { SyncedNode } from '../model.ts';
import { type AgreedRow, agreedNode, agreedValues } from './agreedRow.ts';
import type { ChangeLog } from './changeLog.ts';
import type { StateDatabase } from './database.ts';
import type { Past } from './past.ts';
import { RowCache } from './rowCache.ts';

/** The synced tree: what disk and server last agreed on. */
export class SyncedTree {
  readonly #log: ChangeLog;
  readonly #past: Past;
  readonly #statements;
  readonly #rows: RowCache<SyncedNode>;
  /** undefined: to be counted, which in a large tree takes too long to be done whenever it is asked for. */
  #files: number | undefined;

  constructor(db: StateDatabase, log: ChangeLog, past: Past) {
    this.#log = log;
    this.#past = past;
    this.#statements = {
      get: db.prepare<[string], AgreedRow>('SELECT * FROM synced WHERE id = ?'),
      children: db.prepare<[string], AgreedRow>('SELECT * FROM synced WHERE parent_id = ?'),
      fileCount: db.prepare<[], number>("SELECT count(*) FROM synced WHERE kind = 'file'").pluck(),
      put: db.prepare(
        `INSERT INTO synced VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (id) DO UPDATE SET parent_id = excluded.parent_id, name = excluded.name, kind = excluded.kind,
           content_id = excluded.content_id, size = excluded.size, mtime_ms = excluded.mtime_ms,
           executable = excluded.executable, content_rev = excluded.content_rev, place_rev = excluded.place_rev`,
      ),
      remove: db.prepare('DELETE FROM synced WHERE id = ?'),
      since: db.prepare<{ baseSeq: number }, NodeId>(AGREED_SINCE).pluck(),
    };
    this.#rows = new RowCache({
      row: (id) => {
        const row = this.#statements.get.get(id);
        return row && agreedNode(row);
      },
      holders: () => [],
    });
    this.#files = this.fileCount;
  }

  get(id: NodeId): SyncedNode | undefined {
    return this.#rows.get(id);
  }

  /** The database was written to, or a transaction taken back: what was read before may not hold. */
  reload(): void {
    this.#rows.clear();
    this.#files = undefined;
  }

  children(parentId: NodeId | null): readonly SyncedNode[] {
    return this.#statements.children.all(parentId ?? '').map(agreedNode);
  }

  get fileCount(): number {
    this.#files ??= this.#statements.fileCount.get() ?? 0;
    return this.#files;
  }

  /** What a server may not know, or know otherwise, that shares with this device no history after `baseSeq`. */
  agreedSince(baseSeq: number): readonly NodeId[] {
    return this.#statements.since.all({ baseSeq });
  }

  put(node: SyncedNode): void {
    const before = this.get(node.id);
    if (before && !showsSame(before, node)) this.#past.replaced(before);
    this.#log.note(node.id, before, node);
    this.#rows.wrote(node.id, before, node);
    this.#recount(before, node);
    this.#statements.put.run(...agreedValues(node));
  }

  remove(id: NodeId): void {
    const before = this.get(id);
    if (!before) return;
    this.#log.note(id, before, undefined);
    this.#rows.wrote(id, before, undefined);
    this.#recount(before, undefined);
    this.#statements.remove.run(id);
  }

  #recount(before: SyncedNode | undefined, after: SyncedNode | undefined): void {
    if (this.#files === undefined) return;
    this.#files += (after?.kind === 'file' ? 1 : 0) - (before?.kind === 'file' ? 1 : 0);
  }
}

const showsSame = (a: SyncedNode, b: SyncedNode): boolean =>
  a.contentId === b.contentId && a.parentId === b.parentId && a.name === b.name;

/** Times have no sequence number of their own: those that differ from what the server shared count too. */
const AGREED_SINCE = `
SELECT s.id FROM synced s LEFT JOIN remote r ON r.id = s.id
WHERE s.content_rev > @baseSeq OR s.place_rev > @baseSeq
  OR (r.meta_rev <= @baseSeq AND (r.mtime_ms <> s.mtime_ms OR r.executable <> s.executable))
  OR (@baseSeq = 0 AND r.state IS NOT 'live')
`;
