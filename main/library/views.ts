import type { LibraryQuery, LibrarySection, LibraryView } from '../../shared/desktop/library.ts';
import type { NodeId } from '../../shared/ids.ts';
import type { LibraryDatabase } from './database.ts';
import type { Folders } from './folders.ts';
import { type Question, questionFor } from './queries.ts';
import { sectionsOf } from './sections.ts';
import { folded } from './words.ts';

/** A window has one or two lists open; one that never lets go of any must not grow for ever. */
const MOST_VIEWS = 32;

/** The lists that somebody looks at: their order, held as row numbers. */
export class Views {
  readonly #db: LibraryDatabase;
  readonly #folders: Folders;
  readonly #views = new Map<number, Int32Array>();
  #last = 0;

  constructor(db: LibraryDatabase, folders: Folders) {
    this.#db = db;
    this.#folders = folders;
  }

  /** `now` in Unix ms. */
  open(query: LibraryQuery, now: number): LibraryView {
    const question = questionFor(query, this.#folders, now);
    const { rows, bytes, folders } = this.#ask(question);
    const id = ++this.#last;
    this.#views.set(id, rows);
    for (const [oldest] of this.#views) {
      if (this.#views.size <= MOST_VIEWS) break;
      this.#views.delete(oldest);
    }
    return { id, total: rows.length, bytes, sections: this.#sections(question, rows, folders, now) };
  }

  close(view: number): void {
    this.#views.delete(view);
  }

  /** Row numbers of a part of a list; undefined: the list is closed. */
  rows(view: number, from: number, to: number): Int32Array | undefined {
    return this.#views.get(view)?.subarray(from, to);
  }

  indexOf(view: number, id: NodeId): number | null | undefined {
    const rows = this.#views.get(view);
    const n = this.#db.prepare<[string], number>('SELECT n FROM nodes WHERE id = ?').pluck().get(id);
    if (!rows || n === undefined) return rows && null;
    const index = rows.indexOf(n);
    return index < 0 ? null : index;
  }

  /** The next one after `after` whose name begins so, going round; null: none does. */
  find(view: number, prefix: string, after: number): number | null | undefined {
    const rows = this.#views.get(view);
    if (!rows) return undefined;
    const start = folded(prefix);
    const named = this.#db
      .prepare<[number, string], number>('SELECT n FROM nodes WHERE listed <> 0 AND substr(words, 1, ?) = ?')
      .pluck()
      .all(start.length, start);
    const meant = new Set(named);
    for (let step = 1; step <= rows.length; step += 1) {
      const index = (after + step) % rows.length;
      if (meant.has(rows[index] ?? -1)) return index;
    }
    return null;
  }

  /** One string for all row numbers: a hundred thousand rows of their own would take far longer to hand over. */
  #ask({ where, values, order }: Question): { rows: Int32Array; bytes: number; folders: number } {
    const answer = this.#db
      .prepare<(string | number)[], { rows: string | null; bytes: number | null; folders: number | null }>(
        `SELECT group_concat(n) AS rows, sum(size) AS bytes, sum(file = 0) AS folders
         FROM (SELECT n, size, file FROM nodes WHERE ${where} ORDER BY ${order})`,
      )
      .get(...values);
    const rows = Int32Array.from(JSON.parse(`[${answer?.rows ?? ''}]`) as number[]);
    return { rows, bytes: answer?.bytes ?? 0, folders: answer?.folders ?? 0 };
  }

  #sections(question: Question, rows: Int32Array, folders: number, now: number): readonly LibrarySection[] {
    const key = this.#db
      .prepare<[number], string | number | null>(`SELECT ${question.key} FROM nodes WHERE n = ?`)
      .pluck();
    const keyOf = (index: number) => key.get(rows[index] ?? 0) ?? null;
    if (!question.foldersFirst) return sectionsOf(question, 0, rows.length, keyOf, now);
    const files = rows.length - folders;
    if (folders === 0 || files === 0) return rows.length === 0 ? [] : [{ title: null, from: 0, count: rows.length }];
    return [
      { title: 'Folders', from: 0, count: folders },
      { title: 'Files', from: folders, count: files },
    ];
  }
}
