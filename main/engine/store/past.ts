import type { ContentId, NodeId } from '../../../shared/ids.ts';
import type { Place, RemoteNode, SyncedNode } from '../model.ts';
import { type AgreedRow, agreedNode, agreedValues } from './agreedRow.ts';
import type { StateDatabase } from './database.ts';

/** Agreements remembered of a node besides the present one. */
const FORMER_OF_A_NODE = 8;
/** Deletes remembered. */
const DELETED = 100_000;

/** What is known of nodes that nobody remembers otherwise would only grow. */
const TIDY = `
DELETE FROM deleted WHERE place_rev <= (SELECT place_rev FROM deleted ORDER BY place_rev DESC LIMIT 1 OFFSET ${DELETED});
DELETE FROM former WHERE id NOT IN (SELECT id FROM synced UNION SELECT id FROM deleted);
`;

/**
 * What was agreed on before: needed only when the server goes back in time, to tell an older version from somebody's
 * change, and to delete again what had been deleted.
 */
export class Past {
  readonly #statements;

  constructor(db: StateDatabase) {
    this.#statements = {
      add: db.prepare('INSERT INTO former (id, parent_id, name, content_id) VALUES (?, ?, ?, ?)'),
      trim: db.prepare(
        `DELETE FROM former WHERE id = ? AND n <= (SELECT n FROM former WHERE id = ? ORDER BY n DESC LIMIT 1 OFFSET ${FORMER_OF_A_NODE})`,
      ),
      content: db.prepare<[string, string | null], 1>('SELECT 1 FROM former WHERE id = ? AND content_id IS ?').pluck(),
      place: db
        .prepare<[string, string, string], 1>('SELECT 1 FROM former WHERE id = ? AND parent_id = ? AND name = ?')
        .pluck(),
      bury: db.prepare('INSERT OR REPLACE INTO deleted VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)'),
      buried: db.prepare<[], AgreedRow>('SELECT * FROM deleted'),
      forget: db.prepare('DELETE FROM deleted WHERE place_rev > ?'),
      alive: db.prepare("DELETE FROM deleted WHERE id IN (SELECT id FROM remote WHERE state = 'live')"),
    };
    db.exec(TIDY);
  }

  /** This agreement is replaced by another. */
  replaced({ id, parentId, name, contentId }: SyncedNode): void {
    this.#statements.add.run(id, parentId ?? '', name, contentId);
    this.#statements.trim.run(id, id);
  }

  hadContent(id: NodeId, contentId: ContentId | null): boolean {
    return this.#statements.content.get(id, contentId) !== undefined;
  }

  hadPlace(id: NodeId, { parentId, name }: Place): boolean {
    return this.#statements.place.get(id, parentId ?? '', name) !== undefined;
  }

  /** Both sides agree that this is gone. */
  deleted(node: RemoteNode): void {
    this.#statements.bury.run(...agreedValues(node));
  }

  /** As last agreed, `placeRev` being that of the delete. */
  allDeleted(): readonly SyncedNode[] {
    return this.#statements.buried.all().map(agreedNode);
  }

  /** What lives by the server's last word is not deleted any more. */
  forgetRevived(): void {
    this.#statements.alive.run();
  }

  /** Deletes later than this sequence number are not part of the history any more. */
  forgetDeleted(afterSeq: number): void {
    this.#statements.forget.run(afterSeq);
  }
}
