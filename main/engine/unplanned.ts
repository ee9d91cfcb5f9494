import type { NodeId } from '../../shared/ids.ts';
import type { Lane } from './agenda.ts';

/** Where the work on a node is likely to be done, and how much content that moves. */
export interface Likely {
  readonly lane: Lane;
  readonly bytes: number;
}

/**
 * Nodes that can wait to be planned until there is room for their work, in the order in which they came: of very many only
 * the ids are kept.
 */
export class Unplanned {
  readonly #lanes = new Map<Lane, Map<NodeId, number>>();
  #bytes = 0;

  get size(): number {
    let size = 0;
    for (const ids of this.#lanes.values()) size += ids.size;
    return size;
  }

  /** Content bytes that they will move. */
  get bytes(): number {
    return this.#bytes;
  }

  get lanes(): Iterable<Lane> {
    return this.#lanes.keys();
  }

  has(id: NodeId): boolean {
    for (const ids of this.#lanes.values()) if (ids.has(id)) return true;
    return false;
  }

  *all(): Generator<{ readonly id: NodeId; readonly lane: Lane; readonly bytes: number }> {
    for (const [lane, ids] of this.#lanes) for (const [id, bytes] of ids) yield { id, lane, bytes };
  }

  add(id: NodeId, { lane, bytes }: Likely): void {
    const ids = this.#lanes.get(lane) ?? new Map<NodeId, number>();
    this.#lanes.set(lane, ids);
    if (ids.get(id) === bytes) return;
    this.delete(id);
    ids.set(id, bytes);
    this.#bytes += bytes;
  }

  delete(id: NodeId): void {
    for (const ids of this.#lanes.values()) {
      this.#bytes -= ids.get(id) ?? 0;
      ids.delete(id);
    }
  }

  /** The next ones of a lane, at most so many. */
  take(lane: Lane, most: number): readonly NodeId[] {
    const next: NodeId[] = [];
    for (const id of this.#lanes.get(lane)?.keys() ?? []) {
      if (next.length === most) break;
      next.push(id);
    }
    for (const id of next) this.delete(id);
    return next;
  }
}
