import type { LibraryChange } from '../../shared/api/library.ts';
import type {
  FolderEntry,
  ItemDetail,
  LibraryItem,
  LibraryQuery,
  LibraryView,
  TagCount,
} from '../../shared/desktop/library.ts';
import type { NodeId } from '../../shared/ids.ts';
import type { Insight } from '../engine/insight/insight.ts';
import { Counter, type Counts } from './counts.ts';
import { openLibraryDatabase, openOutboxDatabase } from './database.ts';
import { Folders } from './folders.ts';
import { Intake } from './intake.ts';
import { Items } from './items.ts';
import { MediaFeed } from './mediaFeed.ts';
import { NodeTable } from './nodeTable.ts';
import { Outbox } from './outbox.ts';
import { Pace } from './pace.ts';
import { TrashFeed } from './trashFeed.ts';
import { Views } from './views.ts';

/** The files as a person looks at them: ordered, searched, counted. It works without the server. */
export interface Library {
  /** Counts up with everything that may make a list different. */
  readonly revision: number;
  readonly counts: Counts;
  /** Everything that the engine knows is here. */
  readonly settled: boolean;
  readonly folders: Folders;
  open(query: LibraryQuery): LibraryView;
  close(view: number): void;
  /** undefined, of these: the list is not open any more. */
  rows(view: number, from: number, to: number): readonly LibraryItem[] | undefined;
  ids(view: number, from: number, to: number): readonly NodeId[] | undefined;
  find(view: number, prefix: string, after: number): number | null | undefined;
  indexOf(view: number, id: NodeId): number | null | undefined;
  item(id: NodeId): LibraryItem | null;
  detail(id: NodeId): ItemDetail | null;
  foldersInside(id: NodeId | null): readonly FolderEntry[];
  tags(prefix: string, limit: number): readonly TagCount[];
  withContent(contentId: string): NodeId | null;
  /** The files added last, newest first. */
  recent(count: number): readonly { readonly id: NodeId; readonly name: string }[];
  /** Files whose names say that they are the losing version of a conflict. */
  conflictCopies(): readonly LibraryItem[];
  parentOf(id: NodeId): NodeId | null;
  /** The live one of this name in a folder. */
  named(parent: NodeId | null, name: string): LibraryItem | null;
  /** Counts at once, and is sent when the server can be reached. */
  say(ids: readonly NodeId[], change: LibraryChange): void;
  /** They are purged: nobody has them any more. */
  purged(ids: readonly NodeId[]): void;
  onChanged(listener: () => void): () => void;
  stop(): void;
}

/** Changes are told at most so often, in ms. */
const PACE_MS = 100;

/** Opens the library beside the state of an engine that has been opened. */
export function openLibrary(stateDir: string, insight: Insight): Library {
  const db = openLibraryDatabase(stateDir);
  db.exec('DELETE FROM nodes WHERE listed = 0');
  const listeners = new Set<() => void>();
  let revision = 1;
  const pace = new Pace(PACE_MS, () => {
    revision += 1;
    for (const listener of listeners) listener();
  });
  const changed = (): void => pace.changed();
  const folders = new Folders();
  const counter = new Counter(db);
  const table = new NodeTable(db, folders, counter);
  const items = new Items(db, folders, insight);
  const views = new Views(db, folders);
  const media = new MediaFeed(db, insight, changed);
  const trash = new TrashFeed(db, insight, table, changed);
  const outbox = new Outbox(openOutboxDatabase(stateDir), insight, (ids) => intake.refresh(ids));
  const intake = new Intake({
    db,
    table,
    insight,
    withOutbox: (id, fields) => outbox.over(id, fields),
    onChanged: changed,
    onTrash: () => trash.due(),
  });
  intake.lookAtAll();
  const heard = (): void => {
    void media.look();
    void outbox.send();
    trash.due();
  };
  const stopMedia = insight.onMedia(heard);
  // What is on the server now can be spoken of there.
  const stopTransfers = insight.onTransferred(() => {
    if (outbox.waits) void outbox.send();
  });
  heard();

  const copies = db.prepare<[], NodeId>(
    'SELECT id FROM nodes WHERE listed = 1 AND file = 1 AND n IN (SELECT rowid FROM words WHERE words MATCH \'"(conflicted copy, "\')',
  );
  const addedLast = db.prepare<[number], { id: NodeId; name: string }>(
    'SELECT id, name FROM nodes WHERE listed = 1 AND file = 1 ORDER BY added_at DESC LIMIT ?',
  );
  const namedIn = db.prepare<[string, string], NodeId>(
    'SELECT id FROM nodes WHERE parent_id = ? AND listed = 1 AND name = ? LIMIT 1',
  );
  return {
    get revision() {
      return revision;
    },
    get counts() {
      return counter.now;
    },
    get settled() {
      return intake.settled && insight.complete;
    },
    folders,
    open(query) {
      if (query.place.kind === 'trash') trash.due();
      return pace.measure(() => views.open(query, Date.now()));
    },
    close: (view) => views.close(view),
    rows: (view, from, to) => mapped(views.rows(view, from, to), (numbers) => items.rows(numbers)),
    ids: (view, from, to) => mapped(views.rows(view, from, to), (numbers) => items.ids(numbers)),
    find: (view, prefix, after) => views.find(view, prefix, after),
    indexOf: (view, id) => views.indexOf(view, id),
    item: (id) => items.item(id),
    detail: (id) => items.detail(id),
    foldersInside: (id) => items.foldersInside(id),
    tags: (prefix, limit) => items.tags(prefix, limit),
    withContent: (contentId) => items.withContent(contentId),
    recent: (count) => addedLast.all(count),
    conflictCopies: () =>
      copies
        .pluck()
        .all()
        .flatMap((id) => items.item(id) ?? []),
    parentOf: (id) => (table.get(id)?.parent_id || null) as NodeId | null,
    named: (parent, name) => {
      const id = namedIn.pluck().get(parent ?? '', name);
      return id === undefined ? null : items.item(id);
    },
    say(ids, change) {
      outbox.add(ids, change);
      intake.refresh(ids);
      pace.now();
      void outbox.send();
    },
    purged(ids) {
      for (const id of ids) table.leave(id);
      trash.due();
      pace.now();
    },
    onChanged(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    stop() {
      pace.stop();
      stopMedia();
      stopTransfers();
      intake.close();
      media.close();
      trash.close();
      outbox.close();
      db.close();
    },
  };
}

const mapped = <From, To>(value: From | undefined, map: (value: From) => To): To | undefined =>
  value === undefined ? undefined : map(value);
