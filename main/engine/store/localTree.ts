import type { ContentId, NodeId } from '../../../shared/ids.ts';
import { nameKey } from '../../../shared/names.ts';
import type { Kind, LocalNode } from '../model.ts';
import type { ChangeLog } from './changeLog.ts';
import type { StateDatabase } from './database.ts';
import { RowCache } from './rowCache.ts';

interface Row {
  readonly id: string;
  readonly parent_id: string;
  readonly name: string;
  readonly disk_name: string;
  readonly kind: string;
  readonly size: bigint;
  readonly mtime_ns: bigint;
  readonly ino: bigint;
  readonly dev: bigint;
  readonly birth_ns: bigint;
  readonly change_ns: bigint;
  readonly links: bigint;
  readonly executable: bigint;
  readonly content_id: string | null;
  readonly missing_since: bigint | null;
}

const toNode = (row: Row): LocalNode => ({
  id: row.id as NodeId,
  parentId: row.parent_id === '' ? null : (row.parent_id as NodeId),
  name: row.name,
  diskName: row.disk_name,
  kind: row.kind as Kind,
  stat: {
    kind: row.kind as Kind,
    size: Number(row.size),
    mtimeNs: row.mtime_ns,
    ino: BigInt.asUintN(64, row.ino),
    dev: BigInt.asUintN(64, row.dev),
    birthNs: row.birth_ns,
    changeNs: row.change_ns,
    links: Number(row.links),
    executable: row.executable !== 0n,
  },
  contentId: row.content_id as ContentId | null,
  missingSince: row.missing_since === null ? null : Number(row.missing_since),
});

/** The local tree: what the disk showed. Inode numbers may use all 64 bits, SQLite's are signed: same bits. */
export class LocalTree {
  readonly #log: ChangeLog;
  readonly #statements;
  readonly #rows: RowCache<LocalNode>;

  constructor(db: StateDatabase, log: ChangeLog) {
    this.#log = log;
    const rows = (where: string) =>
      db.prepare<(string | bigint)[], Row>(`SELECT * FROM local WHERE ${where}`).safeIntegers();
    this.#statements = {
      get: rows('id = ?'),
      children: rows('parent_id = ?'),
      anyChild: rows('parent_id = ? LIMIT 1'),
      holders: db
        .prepare<[string, string], NodeId>('SELECT id FROM local WHERE parent_id = ? AND name_key = ?')
        .pluck(),
      identity: rows('ino = ? AND dev = ?'),
      missing: rows('missing_since IS NOT NULL'),
      content: rows('content_id = ? AND missing_since IS NULL'),
      missingCount: db.prepare<[], number>('SELECT count(*) FROM local WHERE missing_since IS NOT NULL').pluck(),
      fileCount: db.prepare<[], number>("SELECT count(*) FROM local WHERE kind = 'file'").pluck(),
      put: db.prepare(
        `INSERT INTO local VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (id) DO UPDATE SET parent_id = excluded.parent_id, name = excluded.name, name_key = excluded.name_key,
           disk_name = excluded.disk_name, kind = excluded.kind, size = excluded.size, mtime_ns = excluded.mtime_ns,
           ino = excluded.ino, dev = excluded.dev, birth_ns = excluded.birth_ns, links = excluded.links,
           executable = excluded.executable, content_id = excluded.content_id, missing_since = excluded.missing_since,
           change_ns = excluded.change_ns`,
      ),
      remove: db.prepare('DELETE FROM local WHERE id = ?'),
    };
    this.#rows = new RowCache({
      row: (id) => {
        const row = this.#statements.get.get(id);
        return row && toNode(row);
      },
      holders: (parentId, key) => this.#statements.holders.all(parentId ?? '', key),
    });
  }

  get(id: NodeId): LocalNode | undefined {
    return this.#rows.get(id);
  }

  /** The database was written to, or a transaction taken back: what was read before may not hold. */
  reload(): void {
    this.#rows.clear();
  }

  children(parentId: NodeId | null): readonly LocalNode[] {
    return this.#statements.children.all(parentId ?? '').map(toNode);
  }

  hasChildren(parentId: NodeId): boolean {
    return this.#statements.anyChild.get(parentId) !== undefined;
  }

  /** All whose folded name is this: more than one only on a case-sensitive disk. */
  holders(parentId: NodeId | null, key: string): readonly LocalNode[] {
    return this.#rows.holders(parentId, key).flatMap((id) => this.get(id) ?? []);
  }

  /** A node that is there before one that is missing. */
  child(parentId: NodeId | null, name: string): LocalNode | undefined {
    const named = this.holders(parentId, nameKey(name)).filter((node) => node.name === name);
    return named.find((node) => node.missingSince === null) ?? named[0];
  }

  byIdentity(dev: bigint, ino: bigint): readonly LocalNode[] {
    return this.#statements.identity.all(BigInt.asIntN(64, ino), BigInt.asIntN(64, dev)).map(toNode);
  }

  byContent(contentId: ContentId): readonly LocalNode[] {
    return this.#statements.content.all(contentId).map(toNode);
  }

  missing(): readonly LocalNode[] {
    return this.#statements.missing.all().map(toNode);
  }

  get missingCount(): number {
    return this.#statements.missingCount.get() ?? 0;
  }

  get fileCount(): number {
    return this.#statements.fileCount.get() ?? 0;
  }

  put(node: LocalNode): void {
    const before = this.get(node.id);
    this.#log.note(node.id, before, node);
    this.#rows.wrote(node.id, before, node);
    const { stat } = node;
    this.#statements.put.run(
      node.id,
      node.parentId ?? '',
      node.name,
      nameKey(node.name),
      node.diskName,
      node.kind,
      stat.size,
      stat.mtimeNs,
      BigInt.asIntN(64, stat.ino),
      BigInt.asIntN(64, stat.dev),
      stat.birthNs,
      stat.links,
      stat.executable ? 1 : 0,
      node.contentId,
      node.missingSince,
      stat.changeNs,
    );
  }

  /** Removes the node alone; its children are the caller's. */
  remove(id: NodeId): void {
    const before = this.get(id);
    this.#log.note(id, before, undefined);
    this.#rows.wrote(id, before, undefined);
    this.#statements.remove.run(id);
  }

  /** Removes the node and everything below it. */
  removeTree(id: NodeId): void {
    for (const child of this.children(id)) this.removeTree(child.id);
    this.remove(id);
  }
}
