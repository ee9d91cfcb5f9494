import type { NodeId } from '../../../shared/ids.ts';
import type { StateDatabase } from './database.ts';

/** Folders that this device leaves to the server, with everything in them. They are known by id, wherever they are moved. */
export interface CloudOnlyMarks {
  readonly ids: ReadonlySet<NodeId>;
  add(id: NodeId): void;
  remove(id: NodeId): void;
}

export function openCloudOnlyMarks(db: StateDatabase): CloudOnlyMarks {
  const insert = db.prepare('INSERT INTO cloud_only VALUES (?) ON CONFLICT DO NOTHING');
  const remove = db.prepare('DELETE FROM cloud_only WHERE id = ?');
  const ids = new Set(db.prepare<[], NodeId>('SELECT id FROM cloud_only').pluck().all());
  return {
    ids,
    add(id) {
      insert.run(id);
      ids.add(id);
    },
    remove(id) {
      remove.run(id);
      ids.delete(id);
    },
  };
}
