import type { NodeId } from '../../shared/ids.ts';

/** Deletes are counted over this long, in ms. */
export const GUARD_WINDOW_MS = 10 * 60_000;
/** More files than this are held … */
const MANY_FILES = 100;
/** … and so is a larger share of the tree than this, when it is more than a few. */
const LARGE_SHARE = 0.25;
const FEW_FILES = 10;

export interface GuardedDelete {
  readonly id: NodeId;
  /** Files that would go: 1, or all below a folder. */
  readonly files: number;
}

/**
 * Holds deletes that look like an accident: many at once, or much of the tree. One guard for each direction. It only
 * answers who has to wait; a person's yes is for exactly the nodes that waited then.
 */
export class DeleteGuard {
  readonly #done: { at: number; files: number }[] = [];
  readonly #approved = new Set<NodeId>();
  #held: ReadonlySet<NodeId> = new Set();

  /**
   * Looks at every delete that could be done now. `treeFiles`: how many files the tree has that they go from. `vanished`:
   * how many more may follow in a moment; a large delete is noticed bit by bit, and its first bit must not slip through.
   * `nowMs` by a clock that nobody sets: a jump must not end the ten minutes.
   */
  review(candidates: readonly GuardedDelete[], treeFiles: number, nowMs: number, vanished = 0): void {
    const asked = candidates.filter(({ id }) => !this.#approved.has(id));
    const recent = this.#recent(nowMs);
    const going = asked.reduce((sum, { files }) => sum + files, recent + vanished);
    const whole = treeFiles + recent;
    const suspicious = going > MANY_FILES || (going > FEW_FILES && going > whole * LARGE_SHARE);
    this.#hold(suspicious ? asked : []);
  }

  /** The same set while the same are held, so that others can tell without looking. */
  #hold(asked: readonly GuardedDelete[]): void {
    const isSame = asked.length === this.#held.size && asked.every(({ id }) => this.#held.has(id));
    if (!isSame) this.#held = new Set(asked.map(({ id }) => id));
  }

  get held(): ReadonlySet<NodeId> {
    return this.#held;
  }

  isApproved(id: NodeId): boolean {
    return this.#approved.has(id);
  }

  /** A person said yes to what is held now. */
  approve(): void {
    for (const id of this.#held) this.#approved.add(id);
    this.#held = new Set();
  }

  /** A delete was carried out; approved ones do not count against later ones. */
  record(id: NodeId, files: number, nowMs: number): void {
    if (!this.#approved.delete(id)) this.#done.push({ at: nowMs, files });
  }

  #recent(nowMs: number): number {
    while (this.#done[0] && this.#done[0].at < nowMs - GUARD_WINDOW_MS) this.#done.shift();
    return this.#done.reduce((sum, { files }) => sum + files, 0);
  }
}
