import { expect, test } from 'vitest';
import type { Node, Operation } from '../../shared/api/nodes.ts';
import { byHand } from './database.ts';
import { type Client, contentOf, freshUser, newNodeId, randomBytes, refusal, text } from './harness.ts';

const names = (nodes: readonly Node[]): string[] => nodes.map((node) => node.name);
const live = async (client: Client): Promise<Node[]> =>
  (await client.changes()).nodes.filter((node) => node.state === 'live');
const byName = async (client: Client): Promise<Record<string, Node>> =>
  Object.fromEntries((await client.changes()).nodes.map((node) => [node.name, node]));
const move = (...moves: readonly [node: Node, parent: Node | null, name: string][]): Operation => ({
  type: 'move',
  moves: moves.map(([node, parent, name]) => ({
    id: node.id,
    placeRev: node.placeRev,
    parentId: parent?.id ?? null,
    name,
  })),
});

test('making a folder again answers with the folder', async () => {
  const { client } = await freshUser();
  const id = newNodeId();
  const folder = await client.createFolder('a', null, id);
  expect(await client.createFolder('a', null, id)).toEqual(folder);
  expect((await client.changes()).nodes).toHaveLength(1);
});

test('a trashed folder that is made again comes back where it is wanted, without what was in it', async () => {
  const { client } = await freshUser();
  const folder = await client.createFolder('a');
  const inside = await client.put('x', text('x'), { parentId: folder.id });
  await client.trash(folder);
  const again = await client.createFolder('b', null, folder.id);
  expect(again).toMatchObject({ id: folder.id, name: 'b', state: 'live' });
  expect((await client.node(inside.id)).state).toBe('trashed');
});

test.each([
  ['the same case', 'Readme.md'],
  ['another case', 'README.MD'],
  ['another form of Unicode', 'Re\u0301sume\u0301'],
])('a name taken in %s is refused', async (_what, name) => {
  const { client } = await freshUser();
  await client.put('Readme.md', text('1'));
  await client.put('R\u00e9sum\u00e9', text('2'));
  expect((await refusal(client.put(name, text('3')))).code).toBe('name-taken');
  expect((await refusal(client.createFolder(name))).code).toBe('name-taken');
});

test.each(['', '.', '..', 'a/b', 'a\u0000b', 'x'.repeat(256), '.driftless'])('the name %j is refused', async (name) => {
  const { client } = await freshUser();
  expect((await refusal(client.createFolder(name))).code).toBe('name-refused');
  expect((await refusal(client.put(name, text('x')))).code).toBe('name-refused');
});

test('a name may change its case', async () => {
  const { client } = await freshUser();
  const folder = await client.createFolder('Photos');
  expect((await client.moveTo(folder, null, 'photos')).name).toBe('photos');
});

test('two nodes swap their names in one operation', async () => {
  const { client } = await freshUser();
  const a = await client.put('a', text('1'));
  const b = await client.put('b', text('2'));
  const [result] = await client.operations(move([a, null, 'b'], [b, null, 'a']));
  expect(result).toMatchObject({ ok: true });
  expect(await byName(client)).toMatchObject({ a: { id: b.id }, b: { id: a.id } });
});

test('a hierarchy is inverted in one operation', async () => {
  const { client } = await freshUser();
  const outer = await client.createFolder('outer');
  const inner = await client.createFolder('inner', outer.id);
  const [result] = await client.operations(move([inner, null, 'outer'], [outer, inner, 'inner']));
  expect(result).toMatchObject({ ok: true });
  expect(await byName(client)).toMatchObject({
    outer: { id: inner.id, parentId: null },
    inner: { id: outer.id, parentId: inner.id },
  });
});

test('a folder cannot be moved into itself, however deep', async () => {
  const { client } = await freshUser();
  const top = await client.createFolder('top');
  const middle = await client.createFolder('middle', top.id);
  const bottom = await client.createFolder('bottom', middle.id);
  const head = (await client.changes()).cursor;
  const results = await client.operations(move([top, top, 'top']), move([top, bottom, 'top']));
  expect(results).toMatchObject([
    { ok: false, problem: { code: 'would-loop' } },
    { ok: false, problem: { code: 'would-loop' } },
  ]);
  expect((await client.changes(head)).nodes).toEqual([]);
});

test('of a move of several nodes all are done or none', async () => {
  const { client } = await freshUser();
  const a = await client.put('a', text('1'));
  const b = await client.put('b', text('2'));
  await client.put('c', text('3'));
  const [result] = await client.operations(move([a, null, 'x'], [b, null, 'c']));
  expect(result).toMatchObject({ ok: false, problem: { code: 'name-taken' } });
  expect(await byName(client)).toMatchObject({ a: { placeRev: a.placeRev }, b: { placeRev: b.placeRev } });
});

test('a move from a place that has changed is refused, unless the node is where it is wanted', async () => {
  const { client } = await freshUser();
  const node = await client.put('a', text('1'));
  const moved = await client.moveTo(node, null, 'b');
  expect((await refusal(client.moveTo(node, null, 'c'))).code).toBe('base-changed');
  expect(await client.moveTo(node, null, 'b')).toEqual(moved);
});

test('nothing is moved into what is not a live folder', async () => {
  const { client } = await freshUser();
  const file = await client.put('file', text('1'));
  const folder = await client.createFolder('folder');
  await client.trash(folder);
  const node = await client.put('a', text('2'));
  for (const parent of [file.id, folder.id, newNodeId()]) {
    expect((await refusal(client.moveTo(node, parent, 'a'))).code).toBe('parent-missing');
    expect((await refusal(client.put('new', text('3'), { parentId: parent }))).code).toBe('parent-missing');
    expect((await refusal(client.createFolder('new', parent))).code).toBe('parent-missing');
  }
});

test('moving a folder changes one row, however much is in it', async () => {
  const { client } = await freshUser();
  const folder = await client.createFolder('folder');
  for (const name of ['a', 'b', 'c']) await client.put(name, text(name), { parentId: folder.id });
  const { cursor } = await client.changes();
  const moved = await client.moveTo(folder, null, 'renamed');
  expect((await client.changes(cursor)).nodes).toEqual([moved]);
});

test('metadata changes no content, and writing the same again changes nothing', async () => {
  const { client } = await freshUser();
  const node = await client.put('a', text('1'));
  const set: Operation = { type: 'setMetadata', id: node.id, mtimeMs: 5, executable: true };
  const changed = await client.operate(set);
  expect(changed).toMatchObject({
    mtimeMs: 5,
    executable: true,
    contentRev: node.contentRev,
    placeRev: node.placeRev,
    metaRev: changed.seq,
  });
  expect(await client.operate(set)).toEqual(changed);
});

test('trashing a folder takes all that is in it, each with a seq of its own', async () => {
  const { client } = await freshUser();
  const folder = await client.createFolder('folder');
  const sub = await client.createFolder('sub', folder.id);
  await client.put('a', text('1'), { parentId: folder.id });
  await client.put('b', text('2'), { parentId: sub.id });
  const { cursor } = await client.changes();
  const trashed = await client.trash(folder);
  const { nodes } = await client.changes(cursor);
  expect(names(nodes).sort()).toEqual(['a', 'b', 'folder', 'sub']);
  expect(nodes.every((node) => node.state === 'trashed')).toBe(true);
  expect(nodes.map((node) => node.seq)).toEqual([0, 1, 2, 3].map((n) => trashed.seq + n));
  expect(await live(client)).toEqual([]);
});

test('trashing what is trashed already is fine', async () => {
  const { client } = await freshUser();
  const node = await client.put('a', text('1'));
  const trashed = await client.trash(node);
  expect(await client.trash(node)).toEqual(trashed);
});

test('a file with newer content, or in another place, is not trashed', async () => {
  const { client } = await freshUser();
  const node = await client.put('a', text('1'));
  await client.put('a', text('2'), { nodeId: node.id, baseContentRev: node.contentRev });
  expect((await refusal(client.trash(node))).code).toBe('base-changed');
  const other = await client.put('b', text('3'));
  await client.moveTo(other, null, 'c');
  expect((await refusal(client.trash(other))).code).toBe('base-changed');
});

test('a folder in which something is newer than the client has seen is not trashed', async () => {
  const { client } = await freshUser();
  const folder = await client.createFolder('folder');
  const sub = await client.createFolder('sub', folder.id);
  const seen = (await client.put('a', text('1'), { parentId: sub.id })).seq;
  const newer = await client.put('b', text('2'), { parentId: sub.id });
  expect((await refusal(client.trash(folder, seen))).code).toBe('changed-inside');
  expect(await live(client)).toHaveLength(4);
  expect((await client.trash(folder, newer.seq)).state).toBe('trashed');
});

test('a delete that a person confirmed says so to the other devices', async () => {
  const { client } = await freshUser();
  const folder = await client.createFolder('folder');
  const file = await client.put('a', text('1'), { parentId: folder.id });
  const { id, contentRev, placeRev } = folder;
  await client.operate({ type: 'trash', id, contentRev, placeRev, seenSeq: file.seq, confirmed: true });
  expect(await client.node(file.id)).toMatchObject({ state: 'trashed', confirmed: true });
  await client.operate({ type: 'restore', id });
  expect((await client.node(file.id)).confirmed).toBeUndefined();
});

test('restoring a folder brings back what was trashed with it, and not what was trashed before', async () => {
  const { client } = await freshUser();
  const folder = await client.createFolder('folder');
  const sub = await client.createFolder('sub', folder.id);
  const kept = await client.put('kept', text('1'), { parentId: sub.id });
  const before = await client.put('before', text('2'), { parentId: sub.id });
  await client.trash(before);
  await client.trash(folder);
  await client.operate({ type: 'restore', id: folder.id });
  expect((await client.node(kept.id)).state).toBe('live');
  expect((await client.node(sub.id)).state).toBe('live');
  expect((await client.node(before.id)).state).toBe('trashed');
});

test('restoring a file rebuilds the folders it lay in, and nothing else of them', async () => {
  const { client } = await freshUser();
  const folder = await client.createFolder('folder');
  const sub = await client.createFolder('sub', folder.id);
  const wanted = await client.put('wanted', text('1'), { parentId: sub.id });
  const other = await client.put('other', text('2'), { parentId: sub.id });
  await client.trash(folder);
  const [result] = await client.operations({ type: 'restore', id: wanted.id });
  expect(result?.ok && names(result.nodes)).toEqual(['wanted', 'folder', 'sub']);
  expect((await client.node(other.id)).state).toBe('trashed');
  await client.operate({ type: 'restore', id: other.id });
  expect((await client.node(other.id)).state).toBe('live');
});

test('a restored node whose name is taken gets a suffix', async () => {
  const { client } = await freshUser();
  for (const words of ['1', '2', '3']) await client.trash(await client.put('a.txt', text(words)));
  await client.put('a.txt', text('4'));
  for (const node of (await client.changes()).nodes) {
    if (node.state === 'trashed') await client.operate({ type: 'restore', id: node.id });
  }
  expect(names(await live(client)).sort()).toEqual([
    'a (restored 2).txt',
    'a (restored 3).txt',
    'a (restored).txt',
    'a.txt',
  ]);
});

test('a restore that does not fit is refused', async () => {
  const { client, server } = await freshUser();
  const big = contentOf(randomBytes(200_000, 'big'));
  const node = await client.put('big', big);
  await client.trash(node);
  const db = byHand(server.data);
  db.exec('update users set quota_bytes = 1000');
  db.close();
  expect((await refusal(client.operate({ type: 'restore', id: node.id }))).code).toBe('quota-exceeded');
  expect((await client.node(node.id)).state).toBe('trashed');
});

test('a refused operation holds up none of the others', async () => {
  const { client } = await freshUser();
  const make = (name: string): Operation => ({
    type: 'createFolder',
    id: newNodeId(),
    parentId: null,
    name,
    mtimeMs: 1,
  });
  const results = await client.operations(make('a'), make('A'), make('b'));
  expect(results.map((result) => result.ok)).toEqual([true, false, true]);
  expect((await client.changes()).nodes.map(({ name, seq }) => [name, seq])).toEqual([
    ['a', 1],
    ['b', 2],
  ]);
});

test('new content keeps the old one as a version', async () => {
  const { client } = await freshUser();
  const first = await client.put('a', text('first'));
  const second = await client.put('a', text('second'), { nodeId: first.id, baseContentRev: first.contentRev });
  const { versions } = await client.json<{ versions: { contentId: string; current: boolean }[] }>(
    'GET',
    `/api/v1/nodes/${first.id}/versions`,
  );
  expect(versions.map(({ contentId, current }) => [contentId, current])).toEqual([
    [second.contentId, true],
    [first.contentId, false],
  ]);
  expect((await client.download(second, first.contentId)).toString()).toBe('first');
  expect(await client.usage()).toMatchObject({ usedBytes: 6, keptBytes: 5, fileCount: 1 });
});

test('the same content makes no version, at most new metadata', async () => {
  const { client } = await freshUser();
  const node = await client.put('a', text('1'));
  const again = await client.put('a', text('1'), { nodeId: node.id, baseContentRev: node.contentRev, mtimeMs: 9 });
  expect(again).toMatchObject({ contentRev: node.contentRev, mtimeMs: 9, metaRev: again.seq });
  expect((await client.usage()).keptBytes).toBe(0);
});

test('content for a trashed file revives it where it is wanted', async () => {
  const { client } = await freshUser();
  const node = await client.put('a', text('1'));
  await client.trash(node);
  const more = { nodeId: node.id, baseContentRev: node.contentRev };
  expect((await refusal(client.put('b', text('2'), { ...more, baseContentRev: 0 }))).code).toBe('base-changed');
  expect(await client.put('b', text('2'), more)).toMatchObject({ id: node.id, name: 'b', state: 'live' });
});

test('content for a folder is refused, as is a folder over a file', async () => {
  const { client } = await freshUser();
  const folder = await client.createFolder('folder');
  expect((await refusal(client.put('folder', text('1'), { nodeId: folder.id }))).code).toBe('base-changed');
  const file = await client.put('file', text('1'));
  expect((await refusal(client.createFolder('file', null, file.id))).code).toBe('base-changed');
});

test('a folder is listed by name, page by page', async () => {
  const { client } = await freshUser();
  const folder = await client.createFolder('folder');
  for (const name of ['c', 'a', 'b']) await client.put(name, text(name), { parentId: folder.id });
  const list = (query: string) => client.json<{ nodes: Node[]; next: string | null }>('GET', `/api/v1/nodes?${query}`);
  const first = await list(`parent=${folder.id}&limit=2`);
  expect(names(first.nodes)).toEqual(['a', 'b']);
  const second = await list(`parent=${folder.id}&limit=2&cursor=${first.next}`);
  expect(names(second.nodes)).toEqual(['c']);
  expect(second.next).toBeNull();
  expect(names((await list('parent=root')).nodes)).toEqual(['folder']);
  await client.trash(second.nodes[0] as Node);
  expect(names((await list('state=trashed')).nodes)).toEqual(['c']);
});
