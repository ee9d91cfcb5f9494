import type { Place } from '../../../main/engine/model.ts';
import type { NodeId } from '../../../shared/ids.ts';
import { nameKey } from '../../../shared/names.ts';

/** Rows of one tree in memory, indexed like the engine's store. Counts what is read, and tells of every change. */
export class Tree<T extends Place & { readonly id: NodeId }> {
  /** Rows handed out so far. */
  reads = 0;
  readonly #rows = new Map<NodeId, T>();
  readonly #byParent = new Map<string, Map<NodeId, T>>();
  readonly #bySlot = new Map<string, Map<NodeId, T>>();
  readonly #isIndexed: (row: T) => boolean;
  readonly #onChange: (id: NodeId, before: T | undefined, after: T | undefined) => void;

  constructor(
    onChange: (id: NodeId, before: T | undefined, after: T | undefined) => void,
    isIndexed: (row: T) => boolean = () => true,
  ) {
    this.#onChange = onChange;
    this.#isIndexed = isIndexed;
  }

  get(id: NodeId): T | undefined {
    this.reads += 1;
    return this.#rows.get(id);
  }

  children(parentId: NodeId | null): readonly T[] {
    return this.#handOut(this.#byParent.get(parentId ?? ''));
  }

  holders(parentId: NodeId | null, key: string): readonly T[] {
    return this.#handOut(this.#bySlot.get(`${parentId ?? ''}/${key}`));
  }

  all(): readonly T[] {
    return [...this.#rows.values()];
  }

  put(row: T): void {
    const before = this.#take(row.id);
    this.#rows.set(row.id, row);
    if (this.#isIndexed(row)) {
      within(this.#byParent, row.parentId ?? '').set(row.id, row);
      within(this.#bySlot, slotOf(row)).set(row.id, row);
    }
    this.#onChange(row.id, before, row);
  }

  remove(id: NodeId): void {
    const before = this.#take(id);
    if (before) this.#onChange(id, before, undefined);
  }

  #handOut(rows: Map<NodeId, T> | undefined): readonly T[] {
    this.reads += 1 + (rows?.size ?? 0);
    return rows ? [...rows.values()] : [];
  }

  #take(id: NodeId): T | undefined {
    const row = this.#rows.get(id);
    if (!row) return undefined;
    this.#rows.delete(id);
    this.#byParent.get(row.parentId ?? '')?.delete(id);
    this.#bySlot.get(slotOf(row))?.delete(id);
    return row;
  }
}

export const slotOf = ({ parentId, name }: Place): string => `${parentId ?? ''}/${nameKey(name)}`;

function within<T>(index: Map<string, Map<NodeId, T>>, key: string): Map<NodeId, T> {
  const rows = index.get(key) ?? new Map<NodeId, T>();
  index.set(key, rows);
  return rows;
}
