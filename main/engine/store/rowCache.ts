import type { NodeId } from '../../../shared/ids.ts';
import { nameKey } from '../../../shared/names.ts';
import type { Place } from '../model.ts';

/** Rows kept in memory per tree: enough for the work at hand, whatever the size of the tree. */
const MOST_ROWS = 5_000;

/** What the cache reads from when it does not know. */
export interface RowSource<Row> {
  row(id: NodeId): Row | undefined;
  /** Ids of the rows that hold a folded name in a folder. */
  holders(parentId: NodeId | null, key: string): readonly NodeId[];
}

/**
 * The rows a tree was asked for lately, absent ones too, and who held which name. Every write goes through it. When it
 * is full it starts over: the planner's questions come in bursts about the same few nodes, so that costs next to nothing.
 */
export class RowCache<Row extends Place> {
  readonly #rows = new Map<NodeId, Row | undefined>();
  readonly #holders = new Map<string, readonly NodeId[]>();
  readonly #source: RowSource<Row>;

  constructor(source: RowSource<Row>) {
    this.#source = source;
  }

  get(id: NodeId): Row | undefined {
    const known = this.#rows.get(id);
    if (known !== undefined || this.#rows.has(id)) return known;
    const row = this.#source.row(id);
    this.#keep(id, row);
    return row;
  }

  holders(parentId: NodeId | null, key: string): readonly NodeId[] {
    const slot = slotOf(parentId, key);
    const known = this.#holders.get(slot);
    if (known !== undefined) return known;
    const ids = this.#source.holders(parentId, key);
    if (this.#holders.size >= MOST_ROWS) this.#holders.clear();
    this.#holders.set(slot, ids);
    return ids;
  }

  /** The row was written, or removed. */
  wrote(id: NodeId, before: Row | undefined, after: Row | undefined): void {
    for (const place of [before, after]) {
      if (place) this.#holders.delete(slotOf(place.parentId, nameKey(place.name)));
    }
    this.#keep(id, after);
  }

  /** After a write that did not go through here, or was taken back. */
  clear(): void {
    this.#rows.clear();
    this.#holders.clear();
  }

  #keep(id: NodeId, row: Row | undefined): void {
    if (this.#rows.size >= MOST_ROWS) this.#rows.clear();
    this.#rows.set(id, row);
  }
}

const slotOf = (parentId: NodeId | null, key: string): string => `${parentId ?? ''}/${key}`;
