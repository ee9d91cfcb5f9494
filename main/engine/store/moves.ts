import type { StateDatabase } from './database.ts';

/** A file that this engine is about to give another name; paths from the root, as the disk spells them. */
export interface OpenMove {
  readonly from: string;
  readonly to: string;
}

/**
 * Moves of files that are not recorded yet. A file gets its new name before it loses the old one: a crash in between leaves
 * it under both, which would look like two files.
 */
export interface Moves {
  /** To be stored before the disk is touched. */
  begin(move: OpenMove): void;
  /** They are over, and the local tree knows what came of them. */
  clear(): void;
  open(): readonly OpenMove[];
}

export function openMoves(db: StateDatabase): Moves {
  const insert = db.prepare('INSERT INTO moves VALUES (?, ?)');
  const remove = db.prepare('DELETE FROM moves');
  const all = db.prepare<[], { from_path: string; to_path: string }>('SELECT * FROM moves');
  let any = all.get() !== undefined;
  return {
    begin: ({ from, to }) => {
      any = true;
      insert.run(from, to);
    },
    clear: () => {
      if (any) remove.run();
      any = false;
    },
    open: () => all.all().map(({ from_path: from, to_path: to }) => ({ from, to })),
  };
}
