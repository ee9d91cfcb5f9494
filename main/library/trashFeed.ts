import { type Node, NodePage } from '../../shared/api/nodes.ts';
import { paths } from '../../shared/api/paths.ts';
import type { NodeId } from '../../shared/ids.ts';
import type { Insight } from '../engine/insight/insight.ts';
import { LISTED, type LibraryDatabase } from './database.ts';
import type { NodeTable } from './nodeTable.ts';

const PAGE = 500;
/** Read at most so often, in ms, however many deletes there are. */
const REST_MS = 2_000;

/**
 * Keeps the trash as the server has it. The engine forgets what is deleted on both sides, and need not know more; a
 * person wants to see it, and to have it back.
 */
export class TrashFeed {
  readonly #db: LibraryDatabase;
  readonly #insight: Insight;
  readonly #table: NodeTable;
  readonly #onChanged: () => void;
  readonly #stop = new AbortController();
  #timer: NodeJS.Timeout | null = null;
  #readAt = -Infinity;
  #reading = false;

  constructor(db: LibraryDatabase, insight: Insight, table: NodeTable, onChanged: () => void) {
    this.#db = db;
    this.#insight = insight;
    this.#table = table;
    this.#onChanged = onChanged;
  }

  /** Something may have gone there, or left it. */
  due(): void {
    if (this.#timer || this.#stop.signal.aborted) return;
    this.#timer = setTimeout(
      () => {
        this.#timer = null;
        void this.#look();
      },
      Math.max(100, this.#readAt + REST_MS - performance.now()),
    );
  }

  close(): void {
    this.#stop.abort();
    if (this.#timer) clearTimeout(this.#timer);
  }

  async #look(): Promise<void> {
    if (this.#reading) return this.due();
    this.#reading = true;
    this.#readAt = performance.now();
    try {
      const seen = new Set<NodeId>();
      let changed = false;
      for (let cursor: string | null = ''; cursor !== null; ) {
        const page: NodePage = await this.#page(cursor);
        if (this.#stop.signal.aborted) return;
        for (const { id } of page.nodes) seen.add(id);
        changed = this.#db.transaction(() => this.#put(page.nodes))() || changed;
        cursor = page.next;
      }
      changed = this.#leaveOthers(seen) || changed;
      if (changed) this.#onChanged();
    } catch {
      // Whatever it was, what is known stays, and it is read again when something changes.
    } finally {
      this.#reading = false;
    }
  }

  #page(cursor: string): Promise<NodePage> {
    const query = { state: 'trashed', limit: `${PAGE}`, ...(cursor !== '' && { cursor }) };
    return this.#insight.ask({ method: 'GET', path: paths.nodes, query, signal: this.#stop.signal }, NodePage);
  }

  /** What the engine knows as well, and knows as being there, has come back in the meantime. */
  #put(nodes: readonly Node[]): boolean {
    const known = new Set(this.#insight.trees?.entries(nodes.map(({ id }) => id)).map(({ id }) => id));
    let changed = false;
    for (const node of nodes) {
      if (node.state !== 'trashed' || known.has(node.id)) continue;
      const entry = { ...node, trashed: true, standing: 'there' as const, library: node.library ?? {} };
      changed = this.#table.put(entry, entry.library, null) || changed;
    }
    return changed;
  }

  #leaveOthers(seen: ReadonlySet<NodeId>): boolean {
    const here = this.#db.prepare<[], NodeId>(`SELECT id FROM nodes WHERE listed = ${LISTED.trashed}`).pluck().all();
    const others = here.filter((id) => !seen.has(id));
    const known = new Set(this.#insight.trees?.entries(others).map(({ id }) => id));
    let changed = false;
    for (const id of others) if (!known.has(id)) changed = this.#table.leave(id) || changed;
    return changed;
  }
}
