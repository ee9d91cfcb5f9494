import { LibraryChange, type LibraryFields } from '../../shared/api/library.ts';
import type { NodeId } from '../../shared/ids.ts';
import { nameKey } from '../../shared/names.ts';
import type { Insight, Wish } from '../engine/insight/insight.ts';
import type { LibraryDatabase } from './database.ts';

const AT_ONCE = 200;

interface Row {
  readonly n: number;
  readonly node_id: NodeId;
  readonly change: string;
}

/**
 * What people said of files: it counts here at once, and goes to the server when that can be reached. Stored before
 * anybody hears that it is done, so it outlives the process; each change is sent until it was answered.
 */
export class Outbox {
  readonly #db: LibraryDatabase;
  readonly #insight: Insight;
  readonly #onSent: (ids: readonly NodeId[], refusal: string | null) => void;
  readonly #waiting = new Map<NodeId, LibraryChange[]>();
  #sending = false;
  /** Somebody asked while it was being sent: what held it up may be over. */
  #again = false;
  #closed = false;

  /** `onSent`: the server has answered about these; `refusal` says why it would not have it, if so. */
  constructor(db: LibraryDatabase, insight: Insight, onSent: (ids: readonly NodeId[], refusal: string | null) => void) {
    this.#db = db;
    this.#insight = insight;
    this.#onSent = onSent;
    for (const row of this.#rows(-1, 0)) this.#remember(row.node_id, changeIn(row));
  }

  add(ids: readonly NodeId[], change: LibraryChange): void {
    const insert = this.#db.prepare('INSERT INTO outbox (node_id, change) VALUES (?, ?)');
    const text = JSON.stringify(change);
    this.#db.transaction(() => {
      for (const id of ids) insert.run(id, text);
    })();
    for (const id of ids) this.#remember(id, change);
  }

  get waits(): boolean {
    return this.#waiting.size > 0;
  }

  /** As it will be when the server has heard everything. */
  over(id: NodeId, fields: LibraryFields): LibraryFields {
    return (this.#waiting.get(id) ?? []).reduce(applied, fields);
  }

  /** Sends what waits; what the server cannot hear stays for the next time. */
  async send(): Promise<void> {
    this.#again = true;
    if (this.#sending) return;
    this.#sending = true;
    while (this.#again && !this.#closed) {
      this.#again = false;
      // Not reached: it is tried again when the engine hears from the server.
      await this.#sendAll().catch(() => undefined);
    }
    this.#sending = false;
  }

  async #sendAll(): Promise<void> {
    for (let after = 0; !this.#closed; ) {
      const rows = this.#rows(AT_ONCE, after);
      if (rows.length === 0) return;
      after = rows.at(-1)?.n ?? after;
      await this.#sendSome(rows);
    }
  }

  async #sendSome(rows: readonly Row[]): Promise<void> {
    const wishes = rows.map((row): Wish => ({ id: row.node_id, kind: 'library', change: changeIn(row) }));
    const results = await this.#insight.grant(wishes);
    if (this.#closed) return;
    // What is not on the server yet is said again when it is.
    const over = rows.filter((_row, i) => {
      const result = results[i];
      return result?.ok || (result?.ok === false && result.why !== 'not-uploaded');
    });
    if (over.length === 0) return;
    const remove = this.#db.prepare('DELETE FROM outbox WHERE n = ?');
    this.#db.transaction(() => {
      for (const { n } of over) remove.run(n);
    })();
    this.#waiting.clear();
    for (const row of this.#rows(-1, 0)) this.#remember(row.node_id, changeIn(row));
    const refused = results.find((result) => !result.ok && result.why === 'server');
    const refusal = refused && !refused.ok && refused.why === 'server' ? refused.problem.title : null;
    this.#onSent(
      over.map(({ node_id }) => node_id),
      refusal,
    );
  }

  #rows(limit: number, after: number): Row[] {
    return this.#db
      .prepare<[number, number], Row>('SELECT * FROM outbox WHERE n > ? ORDER BY n LIMIT ?')
      .all(after, limit);
  }

  #remember(id: NodeId, change: LibraryChange): void {
    this.#waiting.set(id, [...(this.#waiting.get(id) ?? []), change]);
  }

  close(): void {
    this.#closed = true;
    this.#db.close();
  }
}

const changeIn = ({ change }: Row): LibraryChange => LibraryChange.parse(JSON.parse(change));

/** As the server does it: no two tags that are equal but for case, in the order of their adding. */
export function applied(fields: LibraryFields, change: LibraryChange): LibraryFields {
  const removed = new Set((change.removeTags ?? []).map(nameKey));
  const tags = (fields.tags ?? []).filter((tag) => !removed.has(nameKey(tag)));
  for (const tag of change.addTags ?? []) if (!tags.some((known) => nameKey(known) === nameKey(tag))) tags.push(tag);
  const { favourite, tags: _tags, ...rest } = fields;
  const isFavourite = change.favourite ?? favourite ?? false;
  return { ...rest, ...(isFavourite && { favourite: true as const }), ...(tags.length > 0 && { tags }) };
}
