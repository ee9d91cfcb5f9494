import type { ContentId, NodeId } from '../../../shared/ids.ts';
import type { Place } from '../model.ts';
import type { StateDatabase } from './database.ts';

/** What the server was told about one aspect of a node. */
export type SentChange =
  | {
      readonly aspect: 'content';
      /** The place of a file that the server does not know yet. */
      readonly creates: Place | null;
      readonly contentId: ContentId;
      readonly size: number;
      readonly mtimeMs: number | null;
      readonly executable: boolean | null;
    }
  | { readonly aspect: 'place'; readonly creates: boolean; readonly place: Place }
  | { readonly aspect: 'metadata'; readonly mtimeMs: number | null; readonly executable: boolean | null };

/**
 * Changes that were sent to the server and not answered yet. An answer can be lost with the process or the connection
 * while the change has arrived: this is how a row of the server is recognised as this device's own doing, rather than
 * somebody else's that what happened here since would be in conflict with.
 */
export interface SentChanges {
  /** In the order of sending; a change may have been sent more than once. */
  of(nodeId: NodeId): readonly SentChange[];
  /** To be stored before the request begins. */
  add(nodeId: NodeId, change: SentChange): void;
  /** The server has answered for this aspect, or for all of them. */
  settle(nodeId: NodeId, aspect?: SentChange['aspect']): void;
  /** The server's history is another one: nothing that was sent is known to be in it. */
  clear(): void;
  /** The database was written to, or a transaction taken back: what was read before may not hold. */
  reload(): void;
}

interface Row {
  readonly node_id: NodeId;
  readonly change: string;
}

export function openSentChanges(db: StateDatabase): SentChanges {
  const all = db.prepare<[], Row>('SELECT node_id, change FROM sent ORDER BY id');
  const insert = db.prepare('INSERT INTO sent (node_id, aspect, change) VALUES (?, ?, ?)');
  const removeAll = db.prepare('DELETE FROM sent WHERE node_id = ?');
  const removeAspect = db.prepare('DELETE FROM sent WHERE node_id = ? AND aspect = ?');
  /** They are few, and asked for with every row of the server. */
  const changes = new Map<NodeId, readonly SentChange[]>();

  const reload = (): void => {
    changes.clear();
    for (const { node_id: id, change } of all.iterate())
      changes.set(id, [...(changes.get(id) ?? []), JSON.parse(change) as SentChange]);
  };
  reload();
  return {
    of: (nodeId) => changes.get(nodeId) ?? [],
    add: (nodeId, change) => {
      changes.set(nodeId, [...(changes.get(nodeId) ?? []), change]);
      insert.run(nodeId, change.aspect, JSON.stringify(change));
    },
    settle: (nodeId, aspect) => {
      const before = changes.get(nodeId);
      if (!before) return;
      const left = aspect === undefined ? [] : before.filter((change) => change.aspect !== aspect);
      if (left.length === before.length) return;
      if (left.length > 0) changes.set(nodeId, left);
      else changes.delete(nodeId);
      if (aspect === undefined) removeAll.run(nodeId);
      else removeAspect.run(nodeId, aspect);
    },
    clear: () => {
      changes.clear();
      db.exec('DELETE FROM sent');
    },
    reload,
  };
}
