import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { SignedRequest, TreeEntry } from '../../main/engine/insight/insight.ts';
import { ServerFailure } from '../../main/engine/transfer/failure.ts';
import { type Library, openLibrary } from '../../main/library/library.ts';
import { problem } from '../../shared/api/problem.ts';
import type { LibraryQuery } from '../../shared/desktop/library.ts';
import { contentId, entry, type InsightDouble, idAt, insightDouble } from './insightDouble.ts';

const ALL: LibraryQuery = {
  place: { kind: 'all' },
  search: '',
  tags: [],
  favourites: false,
  sort: 'name',
  descending: false,
};
const HOUR = 3_600_000;

function stateFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'library-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

interface Scene {
  readonly library: Library;
  readonly insight: InsightDouble;
  /** Names in the order of the list. */
  names(query?: Partial<LibraryQuery>): readonly string[];
}

async function scene(entries: readonly TreeEntry[], state = stateFolder()): Promise<Scene> {
  const insight = insightDouble();
  insight.put(...entries);
  const library = openLibrary(state, insight);
  onTestFinished(() => library.stop());
  await expect.poll(() => library.settled).toBe(true);
  return {
    library,
    insight,
    names(query = {}) {
      const view = library.open({ ...ALL, ...query });
      return (library.rows(view.id, 0, view.total) ?? []).map(({ name }) => name);
    },
  };
}

describe('lists', () => {
  test('order names as people do', async () => {
    const { names } = await scene(
      ['img 10.jpg', 'Äpfel.jpg', 'img 9.jpg', 'zoo.jpg', '2.jpg'].map((name) => entry(name)),
    );
    expect(names()).toEqual(['2.jpg', 'Äpfel.jpg', 'img 9.jpg', 'img 10.jpg', 'zoo.jpg']);
  });
  test.each([
    ['added', ['new', 'old']],
    ['size', ['old', 'new']],
    ['modified', ['new', 'old']],
  ] as const)('are ordered by %s, the most first', async (sort, order) => {
    const now = Date.now();
    const { names } = await scene([
      entry('old', { id: idAt(now - HOUR), size: 9, mtimeMs: 1 }),
      entry('new', { id: idAt(now), size: 2, mtimeMs: 5 }),
    ]);
    expect(names({ sort, descending: true })).toEqual(order);
  });
  test('hold files only, but for a folder’s own place, where folders come first', async () => {
    const folder = entry('Work', { kind: 'folder' });
    const inside = entry('inside.txt', { parentId: folder.id });
    const { names } = await scene([entry('a.txt'), folder, inside]);
    expect(names()).toEqual(['a.txt', 'inside.txt']);
    expect(names({ place: { kind: 'folder', id: null } })).toEqual(['Work', 'a.txt']);
    expect(names({ place: { kind: 'folder', id: null }, descending: true })).toEqual(['Work', 'a.txt']);
    expect(names({ place: { kind: 'folder', id: folder.id } })).toEqual(['inside.txt']);
  });
  test('are narrowed by everything that is asked for at once', async () => {
    const { names } = await scene([
      entry('a.jpg', { library: { favourite: true, tags: ['Sea'] } }),
      entry('b.jpg', { library: { tags: ['Sea'] } }),
      entry('c.mp4', { library: { favourite: true, tags: ['Sea'] } }),
    ]);
    expect(names({ place: { kind: 'type', type: 'image' }, favourites: true, tags: ['sea'] })).toEqual(['a.jpg']);
  });
  test('go on counting what is gone until they are opened anew', async () => {
    const gone = entry('a.txt');
    const { library, insight, names } = await scene([gone, entry('b.txt')]);
    const view = library.open(ALL);
    insight.remove(gone.id);
    await expect.poll(() => names()).toEqual(['b.txt']);
    expect(library.rows(view.id, 0, 2)?.map(({ name }) => name)).toEqual(['a.txt', 'b.txt']);
  });
  test('that were closed answer no more', async () => {
    const { library } = await scene([entry('a.txt')]);
    const view = library.open(ALL);
    library.close(view.id);
    expect(library.rows(view.id, 0, 1)).toBeUndefined();
  });
  test('find the next name that begins so, going round', async () => {
    const { library } = await scene(['apple', 'bear', 'beetle', 'cat'].map((name) => entry(name)));
    const { id } = library.open(ALL);
    expect([library.find(id, 'BE', 0), library.find(id, 'be', 1), library.find(id, 'be', 2)]).toEqual([1, 2, 1]);
    expect(library.find(id, 'x', 0)).toBeNull();
  });
  test('need no sorting where nothing narrows them', async () => {
    const state = stateFolder();
    await scene([entry('a.txt')], state);
    const db = new Database(join(state, 'library.db'), { readonly: true });
    onTestFinished(() => void db.close());
    for (const order of ['added_at', 'modified_at', 'sort_key', 'size', 'type, sort_key']) {
      const plan = db.prepare<[], { detail: string }>(
        `EXPLAIN QUERY PLAN SELECT n, size, file FROM nodes WHERE listed = 1 AND file = 1 ORDER BY ${order}`,
      );
      const steps = plan.all().map(({ detail }) => detail);
      expect(steps.join(), order).toContain('COVERING INDEX');
      expect(steps.join(), order).not.toContain('TEMP B-TREE');
    }
  });
});

describe('sections', () => {
  test('are today, yesterday, this week and months, and cover the list', async () => {
    const noon = new Date(2026, 10, 20, 12).getTime();
    const { sectionsOf } = await import('../../main/library/sections.ts');
    const days = [noon, noon - 24 * HOUR, noon - 48 * HOUR, noon - 30 * 24 * HOUR, noon - 30 * 24 * HOUR, 0];
    const question = { where: '', values: [], order: '', key: 'added_at', foldersFirst: false } as const;
    expect(sectionsOf(question, 0, days.length, (index) => days[index] ?? 0, noon)).toEqual([
      { title: 'Today', from: 0, count: 1 },
      { title: 'Yesterday', from: 1, count: 1 },
      { title: 'This week', from: 2, count: 1 },
      { title: 'October 2026', from: 3, count: 2 },
      { title: 'Earlier', from: 5, count: 1 },
    ]);
  });
  test('are letters by name, and none by size', async () => {
    const { library } = await scene(['apple', 'Äpfel', 'bear', '1st'].map((name) => entry(name)));
    expect(library.open(ALL).sections.map(({ title, count }) => [title, count])).toEqual([
      ['#', 1],
      ['A', 2],
      ['B', 1],
    ]);
    expect(library.open({ ...ALL, sort: 'size' }).sections).toEqual([{ title: null, from: 0, count: 4 }]);
  });
});

describe('search', () => {
  test.each([
    ['zurich', ['Zürich Harbour.jpg']],
    ['HARB zür', ['Zürich Harbour.jpg']],
    ['ha', ['Zürich Harbour.jpg']],
    ['night', ['other.mp4']],
    ['"(*', []],
    ['"quoted"', ['a "quoted" name.txt']],
  ])('%s finds %j', async (search, found) => {
    const { names } = await scene([
      entry('Zürich Harbour.jpg'),
      entry('other.mp4', { library: { tags: ['Nightfall'] } }),
      entry('a "quoted" name.txt'),
    ]);
    expect(names({ search })).toEqual(found);
  });
  test('in a folder means everything inside it', async () => {
    const outer = entry('Outer', { kind: 'folder' });
    const inner = entry('Inner', { kind: 'folder', parentId: outer.id });
    const { names } = await scene([outer, inner, entry('take.wav', { parentId: inner.id }), entry('take two.wav')]);
    expect(names({ place: { kind: 'folder', id: outer.id }, search: 'take' })).toEqual(['take.wav']);
  });
  test('follows a rename', async () => {
    const file = entry('before.txt');
    const { insight, names } = await scene([file]);
    insight.put({ ...file, name: 'after.txt' });
    await expect.poll(() => names({ search: 'after' })).toEqual(['after.txt']);
    expect(names({ search: 'before' })).toEqual([]);
  });
});

describe('folders', () => {
  test('weigh what is inside, however deep, in whichever order it was learnt', async () => {
    const outer = entry('Outer', { kind: 'folder' });
    const inner = entry('Inner', { kind: 'folder', parentId: outer.id });
    const file = entry('a.bin', { parentId: inner.id, size: 500 });
    const { library, insight } = await scene([file]);
    insight.put(inner);
    insight.put(outer);
    await expect.poll(() => library.item(outer.id)?.size).toBe(500);
    insight.put({ ...file, size: 700 });
    await expect.poll(() => library.item(outer.id)?.size).toBe(700);
    insight.put({ ...inner, parentId: null });
    await expect.poll(() => library.item(outer.id)?.size).toBe(0);
    expect(library.item(inner.id)?.size).toBe(700);
  });
  test('weigh the same after a start', async () => {
    const state = stateFolder();
    const folder = entry('Folder', { kind: 'folder' });
    const file = entry('a.bin', { parentId: folder.id, size: 500 });
    await scene([folder, file], state);
    const { library } = await scene([folder, file], state);
    expect(library.item(folder.id)?.size).toBe(500);
    expect(library.detail(file.id)?.path).toEqual(['Folder']);
  });
});

describe('the library', () => {
  test('is there without an engine’s word, as it was', async () => {
    const state = stateFolder();
    await scene([entry('a.txt'), entry('b.txt')], state);
    const library = openLibrary(state, { ...insightDouble(), trees: null, complete: false });
    onTestFinished(() => library.stop());
    expect(library.open(ALL).total).toBe(2);
    expect(library.settled).toBe(false);
  });
  test('finds out what changed while nobody listened', async () => {
    const state = stateFolder();
    const kept = entry('kept.txt');
    await scene([kept, entry('gone.txt')], state);
    const { names } = await scene([{ ...kept, name: 'renamed.txt' }, entry('new.txt')], state);
    expect(names()).toEqual(['new.txt', 'renamed.txt']);
  });
  test.each([
    ['of another version', (db: Database.Database) => db.pragma('user_version = 99')],
    ['without its tables', (db: Database.Database) => db.exec('DROP TABLE nodes; PRAGMA user_version = 0')],
  ])('is made anew when it is one %s', async (_what, spoil) => {
    const state = stateFolder();
    const file = entry('a.txt');
    await scene([file], state);
    const db = new Database(join(state, 'library.db'));
    spoil(db);
    db.close();
    const { names } = await scene([file], state);
    expect(names()).toEqual(['a.txt']);
  });
  test('counts as things come and go', async () => {
    const file = entry('a.jpg', { library: { favourite: true } });
    const { library, insight } = await scene([file, entry('b.mp4')]);
    expect(library.counts).toMatchObject({ files: 2, favourites: 1, trashed: 0, byType: { image: 1, video: 1 } });
    insight.put({ ...file, trashed: true });
    await expect
      .poll(() => library.counts)
      .toMatchObject({ files: 1, favourites: 0, trashed: 1, byType: { image: 0 } });
  });
  test('shows what the server has found out about contents', async () => {
    const { library, insight } = await scene([entry('a.jpg', { contentId: contentId(1) })]);
    const facts = { contentId: contentId(1), mime: 'image/jpeg', width: 40, height: 30, thumbnail: true };
    insight.answers(({ path }) =>
      path.endsWith('/media') ? { facts: [facts], next: '1.ab', caughtUp: true } : { nodes: [], next: null },
    );
    insight.heardFromServer();
    const item = () => library.rows(library.open(ALL).id, 0, 1)?.[0];
    await expect.poll(item).toMatchObject({ thumbnail: contentId(1), width: 40, height: 30 });
  });
  test.each([
    ['another server', 'store-2', () => ({ facts: [], next: '0', caughtUp: true })],
    [
      'a server that does not know the place any more',
      'store-1',
      () => {
        throw new ServerFailure({ kind: 'problem', problem: problem('cursor-unknown', 'Begin anew.') }, 'Begin anew.');
      },
    ],
  ])('reads what is known of contents from the beginning at %s', async (_who, serverId, stale) => {
    const state = stateFolder();
    const answers = (page: (after: string) => unknown) => (request: SignedRequest) =>
      request.path.endsWith('/media') ? page(request.query?.after ?? '') : { nodes: [], next: null };
    const first = await scene([entry('a.jpg')], state);
    first.insight.serverId = 'store-1';
    first.insight.answers(answers(() => ({ facts: [], next: '7.a', caughtUp: true })));
    first.insight.heardFromServer();
    await new Promise(setImmediate);
    first.library.stop();

    const asked: string[] = [];
    const { insight } = await scene([entry('a.jpg')], state);
    insight.serverId = serverId;
    insight.answers(
      answers((after) => {
        asked.push(after);
        return after === '7.a' ? stale() : { facts: [], next: '1.a', caughtUp: true };
      }),
    );
    insight.heardFromServer();
    await expect.poll(() => asked.at(-1)).toBe('0');
    insight.heardFromServer();
    await expect.poll(() => asked.at(-1)).toBe('1.a');
  });
  test('keeps in the trash what the engine forgets, and takes from there what the server purged', async () => {
    const file = entry('a.txt');
    const trash = { kind: 'trash' } as const;
    const node = { ...file, state: 'trashed', executable: false, contentRev: 1, placeRev: 2, metaRev: 1, seq: 2 };
    let purged = false;
    const { insight, names } = await scene([file]);
    insight.answers(({ path }) => {
      if (path.endsWith('/media')) return { facts: [], next: '0', caughtUp: true };
      return { nodes: purged ? [] : [{ ...node, contentId: null }], next: null };
    });
    insight.remove(file.id);
    await expect.poll(() => names({ place: trash }), { timeout: 5_000 }).toEqual(['a.txt']);
    expect(names()).toEqual([]);
    purged = true;
    await expect.poll(() => names({ place: trash }), { timeout: 8_000 }).toEqual([]);
  });
});

describe('what people say', () => {
  test('counts at once while the server is away, and is sent once when it is back', async () => {
    const file = entry('a.jpg');
    const { library, insight } = await scene([file]);
    library.say([file.id], { favourite: true, addTags: ['Sea'] });
    expect(library.item(file.id)).toMatchObject({ favourite: true, tags: ['Sea'] });
    expect(insight.granted).toEqual([]);
    insight.answers(({ path }) =>
      path.endsWith('/media') ? { facts: [], next: '0', caughtUp: true } : { nodes: [], next: null },
    );
    insight.heardFromServer();
    await expect.poll(() => insight.granted.length).toBe(1);
    insight.heardFromServer();
    insight.put({ ...file, library: { favourite: true, tags: ['Sea'] } });
    await expect.poll(() => library.settled).toBe(true);
    expect(insight.granted).toEqual([{ id: file.id, kind: 'library', change: { favourite: true, addTags: ['Sea'] } }]);
  });
  test('outlives the process', async () => {
    const state = stateFolder();
    const file = entry('a.jpg');
    const first = await scene([file], state);
    first.library.say([file.id], { favourite: true });
    first.library.stop();
    const { library } = await scene([file], state);
    expect(library.item(file.id)?.favourite).toBe(true);
  });
  test('knows no two tags that are equal but for case', async () => {
    const { applied } = await import('../../main/library/outbox.ts');
    expect(applied({ tags: ['Sea'] }, { addTags: ['sea', 'Sky'] })).toEqual({ tags: ['Sea', 'Sky'] });
    expect(applied({ tags: ['Sea'], favourite: true }, { removeTags: ['SEA'], favourite: false })).toEqual({});
  });
});
