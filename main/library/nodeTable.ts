import type { LibraryFields } from '../../shared/api/library.ts';
import { type FileType, fileTypeOf } from '../../shared/fileTypes.ts';
import type { NodeId } from '../../shared/ids.ts';
import type { Standing, TreeEntry } from '../engine/insight/insight.ts';
import type { Counter } from './counts.ts';
import { LISTED, type LibraryDatabase } from './database.ts';
import type { Folders } from './folders.ts';
import { folded, sortKey, wordsOf } from './words.ts';

/** A row of `nodes`. The root's id is the empty string, as an index wants a value. */
export interface NodeRow {
  readonly n: number;
  readonly id: NodeId;
  readonly parent_id: string;
  readonly listed: number;
  readonly file: number;
  readonly name: string;
  readonly sort_key: string;
  readonly type: FileType;
  readonly size: number;
  readonly modified_at: number;
  readonly added_at: number;
  readonly trashed_at: number | null;
  readonly favourite: number;
  readonly content_id: string | null;
  readonly standing: Standing;
  readonly tags: string;
  readonly words: string;
}

type Written = Omit<NodeRow, 'n'>;

const COLUMNS = [
  ...['id', 'parent_id', 'listed', 'file', 'name', 'sort_key', 'type', 'size', 'modified_at', 'added_at'],
  ...['trashed_at', 'favourite', 'content_id', 'standing', 'tags', 'words'],
] as const satisfies readonly (keyof Written)[];

const ALL_COLUMNS: readonly (keyof Written)[] = COLUMNS;

/** Writes nodes, and everything that is kept beside them: words, tags, sizes of folders, counts. */
export class NodeTable {
  readonly #folders: Folders;
  readonly #counter: Counter;
  readonly #statements;

  constructor(db: LibraryDatabase, folders: Folders, counter: Counter) {
    this.#folders = folders;
    this.#counter = counter;
    const named = ALL_COLUMNS.map((column) => `@${column}`).join(', ');
    const set = ALL_COLUMNS.map((column) => `${column} = @${column}`).join(', ');
    this.#statements = {
      get: db.prepare<[string], NodeRow>('SELECT * FROM nodes WHERE id = ?'),
      insert: db.prepare(`INSERT INTO nodes (${ALL_COLUMNS.join(', ')}) VALUES (${named})`),
      update: db.prepare(`UPDATE nodes SET ${set} WHERE n = @n`),
      leave: db.prepare('UPDATE nodes SET listed = 0 WHERE n = ?'),
      addWords: db.prepare('INSERT INTO words (rowid, text) VALUES (?, ?)'),
      removeWords: db.prepare('DELETE FROM words WHERE rowid = ?'),
      addTag: db.prepare('INSERT OR IGNORE INTO tags (key, n, tag) VALUES (?, ?, ?)'),
      removeTags: db.prepare('DELETE FROM tags WHERE n = ?'),
    };
    this.#readFolders(db);
  }

  get(id: NodeId): NodeRow | undefined {
    return this.#statements.get.get(id);
  }

  /** `now`: when it went to the trash, if it did, in Unix ms; null: nobody saw it. Answers whether anything is different. */
  put(entry: TreeEntry, library: LibraryFields, now: number | null): boolean {
    const before = this.get(entry.id);
    const after = rowOf(entry, library, before, now);
    if (before && ALL_COLUMNS.every((column) => before[column] === after[column])) return false;
    const n = before?.n ?? Number(this.#statements.insert.run(after).lastInsertRowid);
    if (before) this.#statements.update.run({ ...after, n });
    this.#besides(n, before, after);
    return true;
  }

  /** Nobody has it any more. Lists that count it go on counting it. */
  leave(id: NodeId): boolean {
    const before = this.get(id);
    if (!before || before.listed === LISTED.gone) return false;
    this.#statements.leave.run(before.n);
    this.#besides(before.n, before, { ...before, listed: LISTED.gone });
    return true;
  }

  #besides(n: number, before: NodeRow | undefined, after: Written): void {
    const { addWords, removeWords, addTag, removeTags } = this.#statements;
    const was = before && before.listed !== LISTED.gone ? before : undefined;
    const is = after.listed === LISTED.gone ? undefined : after;
    if (was?.words !== is?.words) {
      if (was) removeWords.run(n);
      if (is) addWords.run(n, is.words);
    }
    const tagsWere = was?.listed === LISTED.live ? was.tags : '[]';
    const tagsAre = is?.listed === LISTED.live ? is.tags : '[]';
    if (tagsWere !== tagsAre) {
      if (tagsWere !== '[]') removeTags.run(n);
      for (const tag of tagsIn(tagsAre)) addTag.run(folded(tag), n, tag);
    }
    this.#counter.change(was, is);
    this.#carryUp(was, is);
  }

  #carryUp(was: NodeRow | undefined, is: Written | undefined): void {
    const folders = this.#folders;
    if (was?.file === 1 && was.listed === LISTED.live) folders.count(was.parent_id || null, -was.size, -1);
    if (is?.file === 1 && is.listed === LISTED.live) folders.count(is.parent_id || null, is.size, 1);
    if (is?.file === 0) folders.put(is.id, (is.parent_id || null) as NodeId | null, is.name, is.listed === LISTED.live);
    else if (was?.file === 0) folders.remove(was.id);
  }

  #readFolders(db: LibraryDatabase): void {
    const folders = db.prepare<[], NodeRow>('SELECT * FROM nodes WHERE file = 0 AND listed <> 0');
    for (const { id, parent_id, name, listed } of folders.iterate()) {
      this.#folders.put(id, (parent_id || null) as NodeId | null, name, listed === LISTED.live);
    }
    const sums = db.prepare<[], { parent_id: string; bytes: number; files: number }>(
      'SELECT parent_id, sum(size) AS bytes, count(*) AS files FROM nodes WHERE file = 1 AND listed = 1 GROUP BY parent_id',
    );
    for (const { parent_id, bytes, files } of sums.all()) this.#folders.count(parent_id || null, bytes, files);
  }
}

export const tagsIn = (json: string): string[] => (json === '[]' ? [] : (JSON.parse(json) as string[]));

function rowOf(entry: TreeEntry, library: LibraryFields, before: NodeRow | undefined, now: number | null): Written {
  const tags = library.tags ?? [];
  return {
    id: entry.id,
    parent_id: entry.parentId ?? '',
    listed: entry.trashed ? LISTED.trashed : LISTED.live,
    file: entry.kind === 'file' ? 1 : 0,
    name: entry.name,
    sort_key: sortKey(entry.name),
    type: entry.kind === 'file' ? fileTypeOf(entry.name) : 'other',
    size: entry.kind === 'file' ? entry.size : 0,
    modified_at: entry.mtimeMs,
    added_at: madeAt(entry.id),
    trashed_at: entry.trashed ? (before?.trashed_at ?? (before ? now : null)) : null,
    favourite: library.favourite ? 1 : 0,
    content_id: entry.contentId,
    standing: entry.standing,
    tags: JSON.stringify(tags),
    words: wordsOf(entry.name, tags),
  };
}

/** Node ids are UUIDv7, made where the file was first seen: they begin with the time. Unix ms. */
const madeAt = (id: NodeId): number => Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
