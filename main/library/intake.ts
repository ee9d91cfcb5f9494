import type { LibraryFields } from '../../shared/api/library.ts';
import type { NodeId } from '../../shared/ids.ts';
import type { Insight, TreeEntry } from '../engine/insight/insight.ts';
import { LISTED, type LibraryDatabase } from './database.ts';
import type { NodeTable } from './nodeTable.ts';

/** Nodes written at a stretch; then everything else has its turn. */
const BATCH = 100;
/** Changes come in storms: they are taken up at most so often, in ms. */
const REST_MS = 100;
const AFTER_FAILURE_MS = 60_000;

export interface IntakeOptions {
  readonly db: LibraryDatabase;
  readonly table: NodeTable;
  readonly insight: Insight;
  /** What people said that the server has not heard yet counts already. */
  readonly withOutbox: (id: NodeId, fields: LibraryFields) => LibraryFields;
  readonly onChanged: () => void;
  /** Something left the trees: it may be in the trash now. */
  readonly onTrash: () => void;
}

/**
 * Takes into the library what changes in the engine's trees. It costs as much as has changed, is done in small
 * stretches on a connection of its own, and when it falls behind, only the list is late.
 */
export class Intake {
  readonly #options: IntakeOptions;
  readonly #write: (ids: readonly NodeId[]) => boolean;
  readonly #due = new Set<NodeId>();
  readonly #stopListening: () => void;
  #sweep: Iterator<readonly NodeId[]> | null = null;
  #timer: NodeJS.Timeout | null = null;
  #closed = false;

  constructor(options: IntakeOptions) {
    this.#options = options;
    this.#write = options.db.transaction((ids: readonly NodeId[]) => this.#take(ids));
    this.#stopListening = options.insight.onTrees((ids) => {
      for (const id of ids) this.#due.add(id);
      this.#soon(REST_MS);
    });
  }

  /** Compares everything with the engine's trees: what changed while nobody listened is found so. */
  lookAtAll(): void {
    this.#sweep = sweep(this.#options);
    this.#soon(0);
  }

  /** Everything that was told of is in the library. */
  get settled(): boolean {
    return this.#sweep === null && this.#due.size === 0;
  }

  refresh(ids: Iterable<NodeId>): void {
    const wanted = [...ids];
    if (this.#write(wanted)) this.#options.onChanged();
  }

  close(): void {
    this.#closed = true;
    this.#stopListening();
    if (this.#timer) clearTimeout(this.#timer);
  }

  #soon(ms: number): void {
    if (this.#closed) return;
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      try {
        this.#turn();
      } catch {
        // A list that is late is better than no sync: a full disk has room again at some time.
        this.#sweep = sweep(this.#options);
        this.#soon(AFTER_FAILURE_MS);
      }
    }, ms);
  }

  #turn(): void {
    if (!this.#options.insight.trees) return;
    const settledBefore = this.settled;
    if (this.#write(this.#next())) this.#options.onChanged();
    if (!this.settled) this.#soon(0);
    else if (!settledBefore) this.#options.onChanged();
  }

  #next(): readonly NodeId[] {
    if (this.#due.size > 0) {
      const ids = [...take(this.#due, BATCH)];
      for (const id of ids) this.#due.delete(id);
      return ids;
    }
    const swept = this.#sweep?.next();
    if (swept?.done) this.#sweep = null;
    return swept && !swept.done ? swept.value : [];
  }

  /** What was in the trash is there still, as far as is known here: the engine only forgets it. */
  #left(id: NodeId): boolean {
    const { table, onTrash } = this.#options;
    const before = table.get(id);
    if (!before) return false;
    onTrash();
    return before.listed === LISTED.trashed ? false : table.leave(id);
  }

  #take(ids: readonly NodeId[]): boolean {
    const { insight, table, withOutbox } = this.#options;
    const { trees } = insight;
    if (!trees || ids.length === 0) return false;
    const now = Date.now();
    const found = new Map<NodeId, TreeEntry>(trees.entries(ids).map((entry) => [entry.id, entry]));
    let changed = false;
    for (const id of ids) {
      const entry = found.get(id);
      const different = entry ? table.put(entry, withOutbox(id, entry.library), now) : this.#left(id);
      changed = different || changed;
    }
    return changed;
  }
}

function* take<T>(all: Iterable<T>, most: number): Generator<T> {
  let taken = 0;
  for (const one of all) {
    if (taken++ >= most) return;
    yield one;
  }
}

/** Every id that either side or the library has, some at a time. */
function* sweep({ db, insight }: IntakeOptions): Generator<readonly NodeId[]> {
  for (const side of ['remote', 'local'] as const) {
    for (let after = ''; ; ) {
      const ids = insight.trees?.idsAfter(side, after, BATCH) ?? [];
      if (ids.length === 0) break;
      after = ids.at(-1) ?? after;
      yield ids;
    }
  }
  const known = db
    .prepare<[string, number], NodeId>('SELECT id FROM nodes WHERE id > ? AND listed <> 0 ORDER BY id LIMIT ?')
    .pluck();
  for (let after = ''; ; ) {
    const ids = known.all(after, BATCH);
    if (ids.length === 0) return;
    after = ids.at(-1) ?? after;
    yield ids;
  }
}
