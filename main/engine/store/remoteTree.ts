import type { ContentId, NodeId } from '../../../shared/ids.ts';
import { nameKey } from '../../../shared/names.ts';
import type { Kind, RemoteNode } from '../model.ts';
import type { ChangeLog } from './changeLog.ts';
import type { StateDatabase } from './database.ts';
import { RowCache } from './rowCache.ts';

interface Row {
  readonly id: string;
  readonly parent_id: string;
  readonly name: string;
  readonly kind: string;
  readonly state: string;
  readonly content_id: string | null;
  readonly size: number;
  readonly mtime_ms: number;
  readonly executable: number;
  readonly content_rev: number;
  readonly place_rev: number;
  readonly meta_rev: number;
  readonly seq: number;
  readonly confirmed: number;
}

const toNode = (row: Row): RemoteNode => ({
  id: row.id as NodeId,
  parentId: row.parent_id === '' ? null : (row.parent_id as NodeId),
  name: row.name,
  kind: row.kind as Kind,
  state: row.state as RemoteNode['state'],
  contentId: row.content_id as ContentId | null,
  size: row.size,
  mtimeMs: row.mtime_ms,
  executable: row.executable !== 0,
  contentRev: row.content_rev,
  placeRev: row.place_rev,
  metaRev: row.meta_rev,
  seq: row.seq,
  confirmed: row.confirmed !== 0,
});

/** The remote tree: the server's last word. Trashed nodes stay, so that an edit can bring them back by their id. */
export class RemoteTree {
  readonly #log: ChangeLog;
  readonly #statements;
  readonly #rows: RowCache<RemoteNode>;
  readonly #answers = new Map<NodeId, RemoteNode>();
  #shownSeq = 0;

  /** `shownSeq`: how far the feed has been read. */
  constructor(db: StateDatabase, log: ChangeLog, shownSeq: number) {
    this.#log = log;
    const rows = (where: string) => db.prepare<string[], Row>(`SELECT * FROM remote WHERE ${where}`);
    this.#statements = {
      get: rows('id = ?'),
      children: rows("parent_id = ? AND state = 'live'"),
      holder: db
        .prepare<[string, string], NodeId>(
          "SELECT id FROM remote WHERE parent_id = ? AND name_key = ? AND state = 'live'",
        )
        .pluck(),
      count: db.prepare<[], number>("SELECT count(*) FROM remote WHERE state = 'live' AND kind = 'file'").pluck(),
      beyond: db.prepare<[number], Row>('SELECT * FROM remote WHERE seq > ?'),
      clear: db.prepare('DELETE FROM remote'),
      ids: db.prepare<[], NodeId>('SELECT id FROM remote').pluck(),
      put: db.prepare(
        `INSERT INTO remote VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (id) DO UPDATE SET parent_id = excluded.parent_id, name = excluded.name, name_key = excluded.name_key,
           kind = excluded.kind, state = excluded.state, content_id = excluded.content_id, size = excluded.size,
           mtime_ms = excluded.mtime_ms, executable = excluded.executable, content_rev = excluded.content_rev,
           place_rev = excluded.place_rev, meta_rev = excluded.meta_rev, seq = excluded.seq, confirmed = excluded.confirmed`,
      ),
      remove: db.prepare('DELETE FROM remote WHERE id = ?'),
      putFields: db.prepare(
        'INSERT INTO remote_library VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET fields = excluded.fields',
      ),
      removeFields: db.prepare('DELETE FROM remote_library WHERE id = ?'),
      clearFields: db.prepare('DELETE FROM remote_library'),
    };
    this.#rows = new RowCache({
      row: (id) => {
        const row = this.#statements.get.get(id);
        return row && toNode(row);
      },
      holders: (parentId, key) => this.#statements.holder.all(parentId ?? '', key),
    });
    this.#readAnswers(shownSeq);
  }

  get(id: NodeId): RemoteNode | undefined {
    return this.#rows.get(id);
  }

  /** The database was written to, or a transaction taken back: what was read before may not hold. */
  reload(shownSeq: number): void {
    this.#rows.clear();
    this.#readAnswers(shownSeq);
  }

  /** Live children. */
  children(parentId: NodeId | null): readonly RemoteNode[] {
    return this.#statements.children.all(parentId ?? '').map(toNode);
  }

  /** The live node whose folded name is this: the server allows only one. */
  holder(parentId: NodeId | null, key: string): RemoteNode | undefined {
    const [id] = this.#rows.holders(parentId, key);
    return id && this.get(id);
  }

  /** Nodes as the server has answered, but the feed has not shown them yet. */
  get answers(): ReadonlyMap<NodeId, RemoteNode> {
    return this.#answers;
  }

  get fileCount(): number {
    return this.#statements.count.get() ?? 0;
  }

  /** An answer of the server: true only once the feed bears it out. */
  put(node: RemoteNode): void {
    if (this.#write(node) && node.seq > this.#shownSeq) this.#answers.set(node.id, node);
  }

  /** A page of the feed that ends at `seq`. */
  show(nodes: readonly RemoteNode[], seq: number): void {
    for (const node of nodes) {
      this.#write(node);
      const answer = this.#answers.get(node.id);
      if (answer && answer.seq <= node.seq) this.#answers.delete(node.id);
    }
    this.#shownSeq = seq;
  }

  /** The server's history is another one: nothing that it said holds any more. */
  clear(): void {
    for (const id of this.#statements.ids.all()) this.#log.ids.add(id);
    this.#statements.clear.run();
    this.#statements.clearFields.run();
    this.#rows.clear();
    this.#answers.clear();
    this.#shownSeq = 0;
  }

  #readAnswers(shownSeq: number): void {
    this.#shownSeq = shownSeq;
    this.#answers.clear();
    for (const row of this.#statements.beyond.all(shownSeq)) this.#answers.set(row.id as NodeId, toNode(row));
  }

  /** A row replaces only one of a lower seq, so answers and feed may arrive in any order. false: it did not. */
  #write(node: RemoteNode): boolean {
    const before = this.get(node.id);
    if (before && before.seq >= node.seq) return false;
    if (node.state === 'purged') {
      if (!before) return true;
      this.#log.note(node.id, before, undefined);
      this.#rows.wrote(node.id, before, undefined);
      this.#remove(node.id);
      return true;
    }
    this.#log.note(node.id, before, node);
    this.#rows.wrote(node.id, before, node);
    this.#statements.put.run(
      node.id,
      node.parentId ?? '',
      node.name,
      nameKey(node.name),
      node.kind,
      node.state,
      node.contentId,
      node.size,
      node.mtimeMs,
      node.executable ? 1 : 0,
      node.contentRev,
      node.placeRev,
      node.metaRev,
      node.seq,
      node.confirmed ? 1 : 0,
    );
    // Most nodes have none, and a new one had none before.
    if (node.library) this.#statements.putFields.run(node.id, JSON.stringify(node.library));
    else if (before) this.#statements.removeFields.run(node.id);
    return true;
  }

  #remove(id: NodeId): void {
    this.#statements.remove.run(id);
    this.#statements.removeFields.run(id);
  }

  /** Drops what is known of a node that is no longer live. */
  forget(id: NodeId): void {
    const before = this.get(id);
    if (!before || before.state === 'live') return;
    this.#log.note(id, before, undefined);
    this.#rows.wrote(id, before, undefined);
    this.#remove(id);
  }
}
