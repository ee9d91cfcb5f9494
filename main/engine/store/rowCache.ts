import type { NodeId } from '../../../shared/ids.ts';

/** Rows kept in memory per tree: enough for the work at hand, whatever the size of the tree. */
const MOST_ROWS = 20_000;

/**
 * The rows a tree was asked for lately, absent ones too. Every write goes through it. When it is full it starts over:
 * the planner's questions come in bursts about the same few nodes, so that costs next to nothing.
 */
export class RowCache<Row> {
  readonly #rows = new Map<NodeId, Row | undefined>();
  readonly #load: (id: NodeId) => Row | undefined;

  constructor(load: (id: NodeId) => Row | undefined) {
    this.#load = load;
  }

  get(id: NodeId): Row | undefined {
    const known = this.#rows.get(id);
    if (known !== undefined || this.#rows.has(id)) return known;
    const row = this.#load(id);
    this.set(id, row);
    return row;
  }

  set(id: NodeId, row: Row | undefined): void {
    if (this.#rows.size >= MOST_ROWS) this.#rows.clear();
    this.#rows.set(id, row);
  }

  /** After a write that did not go through here, or was taken back. */
  clear(): void {
    this.#rows.clear();
  }
}
