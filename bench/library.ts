import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { v7 as uuid } from 'uuid';
import { addUser } from '../server/auth/users.ts';
import { insertObjects } from '../server/content/objects.ts';
import type { Databases } from '../server/db/connect.ts';
import { openSqlite } from '../server/db/sqlite/open.ts';
import { storageBreakdown, tagsOfUser } from '../server/library/counts.ts';
import { findNodes } from '../server/library/find.ts';
import type { LibraryQuery } from '../server/library/query.ts';
import { indexSome } from '../server/search/indexing.ts';
import { operate } from '../server/tree/operations.ts';
import { type FilePut, planFiles, writeFiles } from '../server/tree/putFiles.ts';
import { beginRun } from '../server/tree/sequence.ts';
import { ChunkHash, ContentId, NodeId, type UserId } from '../shared/ids.ts';

/**
 * What the library's lists and searches take, and what storing small files costs the database. Times of pages are the
 * thread's own on the processor, which other work on the machine does not lengthen. No content, no HTTP.
 */
const { values } = parseArgs({
  options: {
    nodes: { type: 'string', default: '100000' },
    others: { type: 'string', default: '20000' },
    dir: { type: 'string', default: tmpdir() },
  },
});

const PACK = 256;
const PAGES = 40;
const folder = mkdtempSync(join(values.dir, 'driftless-library-'));
let made = 0;

const sha = (words: string): string => createHash('sha256').update(words).digest('hex');
const pick = <T>(list: readonly T[], n: number): T => list[n % list.length] as T;
const SUBJECTS = ['Holiday', 'Größe Ansicht', 'invoice', 'IMG', 'Café Lumière', 'render final', 'take', '東京タワー'];
const EXTENSIONS = ['jpg', 'jpg', 'jpg', 'png', 'mp4', 'wav', 'pdf', 'blend', 'psd', 'bin'];

function newFile(parentId: NodeId | null): FilePut {
  made += 1;
  const contentId = ContentId.parse(sha(`content ${made}`));
  const scattered = Math.imul(made, 2_654_435_761) >>> 0;
  return {
    nodeId: NodeId.parse(uuid()),
    parentId,
    name: `${pick(SUBJECTS, scattered >>> 5)} ${String(made).padStart(6, '0')}.${pick(EXTENSIONS, scattered >>> 9)}`,
    baseContentRev: null,
    size: 1_000 + (scattered >>> 12),
    mtimeMs: 1_700_000_000_000 + (scattered >>> 4),
    executable: false,
    contentId,
  };
}

async function storePack(db: Databases, userId: UserId, files: readonly FilePut[]): Promise<void> {
  await db.write.transaction().execute(async (trx) => {
    const plan = await planFiles(trx, userId, files, Date.now());
    const objects = files.map(({ contentId, size }) => ({
      contentId,
      objectId: uuid(),
      store: 'disk',
      key: contentId as never,
      size,
      chunks: [[ChunkHash.parse(contentId), size]] as const,
    }));
    await insertObjects(trx, userId, objects, Date.now());
    await writeFiles(trx, userId, plan);
  });
}

/** Returns processor and wall ms for every 10,000 nodes. */
async function store(db: Databases, userId: UserId, count: number): Promise<string> {
  const parents: (NodeId | null)[] = [null];
  for (let n = 0; n < 50; n += 1) parents.push(NodeId.parse(uuid()));
  await operate(
    db.write,
    userId,
    parents.flatMap((id, n) =>
      id ? [{ type: 'createFolder', id, parentId: null, name: `folder ${n}`, mtimeMs: 1 }] : [],
    ),
  );
  const packs: FilePut[][] = [];
  for (let left = count; left > 0; left -= PACK) {
    packs.push(Array.from({ length: Math.min(PACK, left) }, () => newFile(pick(parents, made >>> 8))));
  }
  const [begun, cpu] = [performance.now(), process.cpuUsage()];
  for (const pack of packs) await storePack(db, userId, pack);
  const { user, system } = process.cpuUsage(cpu);
  const per = 10_000 / count;
  return `${(((user + system) / 1_000) * per).toFixed(0)} ms of processor, ${((performance.now() - begun) * per).toFixed(0)} ms`;
}

const plain = { state: 'live', types: [], tags: [], sort: 'added', order: 'asc', limit: 100 } satisfies LibraryQuery;

const QUERIES: Readonly<Record<string, Partial<LibraryQuery>>> = {
  'everything, as added': {},
  'by name': { sort: 'name' },
  'by size, largest first': { sort: 'size', order: 'desc' },
  'by time of change': { sort: 'modified', order: 'desc' },
  'by type': { sort: 'type' },
  'by type, to the end': { sort: 'type', limit: 2_000 },
  'by type, favourites, to the end': { sort: 'type', favourite: true, limit: 1_000 },
  recent: { sort: 'recent', order: 'desc' },
  'the top folder': { parentId: null, sort: 'name' },
  'the top folder by size': { parentId: null, sort: 'size' },
  'images by name': { types: ['image'], sort: 'name' },
  'scenes and projects by size': { types: ['scene', 'project'], sort: 'size' },
  'a common tag': { tags: ['common'], sort: 'name' },
  'a rare tag, by size': { tags: ['rare'], sort: 'size' },
  'two tags': { tags: ['common', 'rare'], sort: 'modified' },
  favourites: { favourite: true, sort: 'recent', order: 'desc' },
  'favourite videos with a common tag': { favourite: true, types: ['video'], tags: ['common'], sort: 'name' },
  'a category': { category: 'shoot', sort: 'size' },
  'an entity': { entityId: 'customer 7', sort: 'modified' },
  'search: 0': { q: '0', sort: 'name' },
  'search: h': { q: 'h', sort: 'name' },
  'search: ho': { q: 'ho', sort: 'size' },
  'search: hol': { q: 'hol', sort: 'modified', order: 'desc' },
  'search: holiday': { q: 'holiday', sort: 'name' },
  'search: ansicht, which sorts late': { q: 'take', sort: 'name' },
  'search: cafe lumiere 04': { q: 'cafe lumiere 04', sort: 'name' },
  'search: 012345': { q: '012345', sort: 'name' },
  'search: 京タ': { q: '京タ', sort: 'added' },
  'search: nothing like it': { q: 'zebra crossing', sort: 'name' },
  'search: jpg take, favourites': { q: 'jpg take', favourite: true, sort: 'name' },
};

const at = (sorted: readonly number[], share: number): string =>
  (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(1);

async function ask(db: Databases, userId: UserId): Promise<void> {
  const all: number[] = [];
  for (const [name, query] of Object.entries(QUERIES)) {
    const times: number[] = [];
    let [found, short]: [number, number] = [0, 0];
    let cursor: string | undefined;
    for (let n = 0; n < PAGES; n += 1) {
      const begun = process.threadCpuUsage();
      const page = await findNodes(db.read, userId, { ...plain, ...query, cursor });
      const { user, system } = process.threadCpuUsage(begun);
      times.push((user + system) / 1_000);
      found += page.nodes.length;
      if (page.next !== null && page.nodes.length < (query.limit ?? plain.limit)) short += 1;
      cursor = page.next ?? undefined;
    }
    all.push(...times);
    times.sort((a, b) => a - b);
    console.log(
      `${name.padEnd(40)} p50 ${at(times, 0.5)} ms, p99 ${at(times, 0.99)} ms; ${found} found, ${short} short`,
    );
  }
  all.sort((a, b) => a - b);
  console.log(`every page: p50 ${at(all, 0.5)} ms, p99 ${at(all, 0.99)} ms, longest ${at(all, 1)} ms`);
  const begun = performance.now();
  const { tags } = await tagsOfUser(db.read, userId);
  await storageBreakdown(db.read, userId);
  console.log(`${tags.length} tags and the breakdown: ${(performance.now() - begun).toFixed(1)} ms`);
}

async function run(): Promise<void> {
  const db = openSqlite(join(folder, 'driftless.db'));
  try {
    await beginRun(db.write);
    const { id: other } = await addUser(db.write, 'other', 'enterprise', 'user');
    const { id: userId } = await addUser(db.write, 'kim', 'enterprise', 'user');
    console.log(`10,000 nodes of another: ${await store(db, other, Number(values.others))}`);
    console.log(`10,000 nodes: ${await store(db, userId, Number(values.nodes))}`);
    const begun = performance.now();
    let longest = 0;
    for (let done = 1; done > 0; ) {
      const step = performance.now();
      done = await db.progress((trx) => indexSome(trx, 500));
      longest = Math.max(longest, performance.now() - step);
    }
    const per = 10_000 / (Number(values.nodes) + Number(values.others));
    console.log(
      `10,000 nodes into the search index: ${((performance.now() - begun) * per).toFixed(0)} ms, longest step ${longest.toFixed(0)} ms`,
    );
    await say(db, userId);
    await ask(db, userId);
  } finally {
    await db.close();
    rmSync(folder, { recursive: true });
  }
}

/** Every fifth file has a common tag, every 500th a rare one; every tenth is a favourite. */
async function say(db: Databases, userId: UserId): Promise<void> {
  const rows = await db.read.selectFrom('nodes').select('id').where('user_id', '=', userId).orderBy('id').execute();
  const operations = rows.flatMap(({ id }, n) =>
    n % 5 === 0
      ? [
          {
            type: 'setLibrary' as const,
            id,
            favourite: n % 10 === 0,
            addTags: n % 500 === 0 ? ['Common', 'rare', `tag ${n}`] : ['common'],
            category: n % 50 === 0 ? 'shoot' : null,
            entityId: n % 1_000 === 0 ? 'customer 7' : null,
          },
        ]
      : [],
  );
  for (let from = 0; from < operations.length; from += 1_000) {
    await operate(db.write, userId, operations.slice(from, from + 1_000));
  }
  while ((await db.progress((trx) => indexSome(trx, 500))) > 0);
}

await run();
