import { hash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { addUser } from '../../server/auth/users.ts';
import { insertObjects } from '../../server/content/objects.ts';
import type { Databases } from '../../server/db/connect.ts';
import { findNodes } from '../../server/library/find.ts';
import type { LibraryQuery, Sort } from '../../server/library/query.ts';
import { indexSome } from '../../server/search/indexing.ts';
import { planFiles, writeFiles } from '../../server/tree/putFiles.ts';
import { beginRun } from '../../server/tree/sequence.ts';
import type { Node, NodePage } from '../../shared/api/nodes.ts';
import { ChunkHash, ContentId, type UserId } from '../../shared/ids.ts';
import { openDatabasesOf } from './database.ts';
import { newNodeId } from './harness.ts';

/** More than a page looks at, and of each kind more than a page sorts. */
const FILES = 7_000;
let db: Databases;
let userId: UserId;
let nodes: readonly Node[];

beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'driftless-find-'));
  db = await openDatabasesOf(folder);
  await beginRun(db.write);
  userId = (await addUser(db.write, 'kim', 'free', 'user')).id;
  nodes = await store();
  while ((await db.progress((trx) => indexSome(trx, 1_000))) > 0);
  return async () => {
    await db.close();
    rmSync(folder, { recursive: true });
  };
}, 60_000);

/** Many files with few sizes, times and types; the names that begin with z are the last of all. */
async function store(): Promise<Node[]> {
  const contentId = ContentId.parse(hash('sha256', 'content', 'hex'));
  const files = Array.from({ length: FILES }, (_, n) => ({
    nodeId: newNodeId(),
    parentId: null,
    name: `${n % 3 === 0 ? 'zebra' : 'apple'} ${n}.${n % 2 === 0 ? 'jpg' : 'pdf'}`,
    baseContentRev: null,
    size: 5,
    mtimeMs: 1_000 + (n % 4),
    executable: false,
    contentId,
  }));
  return db.write.transaction().execute(async (trx) => {
    const object = { contentId, objectId: 'o', store: 'disk', key: 'k' as never, size: 5 };
    await insertObjects(trx, userId, [{ ...object, chunks: [[ChunkHash.parse(contentId), 5]] }], 1);
    const stored: Node[] = [];
    for (let from = 0; from < files.length; from += 1_000) {
      const results = await writeFiles(trx, userId, await planFiles(trx, userId, files.slice(from, from + 1_000), 1));
      stored.push(...results.flatMap((result) => (result.ok ? result.nodes : [])));
    }
    return stored;
  });
}

const ALL: LibraryQuery = { state: 'live', types: [], tags: [], sort: 'added', order: 'asc', limit: 900 };

async function pages(query: Partial<LibraryQuery>): Promise<NodePage[]> {
  const all: NodePage[] = [];
  for (let cursor: string | undefined; all.length === 0 || cursor !== undefined; ) {
    const page = await findNodes(db.read, userId, { ...ALL, ...query, cursor });
    all.push(page);
    cursor = page.next ?? undefined;
  }
  return all;
}

const KEYS: Record<Exclude<Sort, 'deleted'>, (node: Node) => string | number> = {
  name: ({ name }) => name,
  size: ({ size }) => size,
  added: ({ id }) => id,
  modified: ({ mtimeMs }) => mtimeMs,
  type: ({ name }) => (name.endsWith('jpg') ? 'image' : 'document'),
  recent: () => 1,
};

const sorts = Object.keys(KEYS) as Exclude<Sort, 'deleted'>[];
const isZebra = ({ name }: Node) => name.startsWith('zebra');

test.each(sorts.flatMap((sort) => (['asc', 'desc'] as const).map((order) => ({ sort, order }))))(
  'each of very many results of a search comes once, by $sort $order',
  async ({ sort, order }) => {
    const found = (await pages({ q: 'zeb', sort, order })).flatMap((page) => page.nodes);
    expect(new Set(found.map(({ id }) => id))).toEqual(new Set(nodes.filter(isZebra).map(({ id }) => id)));
    expect(found).toHaveLength(nodes.filter(isZebra).length);
    const keys = found.map(KEYS[sort]);
    const sorted = keys.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));
    expect(keys).toEqual(order === 'asc' ? sorted : sorted.toReversed());
  },
);

test.each(sorts)('very many files without any filter come once each, by %s', async (sort) => {
  const found = (await pages({ sort })).flatMap((page) => page.nodes);
  expect(new Set(found.map(({ id }) => id)).size).toBe(FILES);
  expect(found).toHaveLength(FILES);
});

test('a page looks at so many files and no more: it may be empty and yet have a next one', async () => {
  const [first, ...others] = await pages({ q: 'zeb', sort: 'name' });
  expect(first?.nodes).toEqual([]);
  expect(first?.next).not.toBeNull();
  expect(others.flatMap((page) => page.nodes)).toHaveLength(nodes.filter(isZebra).length);
});

test('words that few files have are found at once, however late these sort', async () => {
  const wanted = nodes.find(({ name }) => name === 'zebra 6996.jpg');
  const page = await findNodes(db.read, userId, { ...ALL, q: '6996', sort: 'name' });
  expect(page).toEqual({ nodes: [wanted], next: null });
});
