import { expect, onTestFinished, test } from 'vitest';
import type { TagList } from '../../shared/api/library.ts';
import type { Node, NodePage } from '../../shared/api/nodes.ts';
import type { StorageBreakdown } from '../../shared/api/storage.ts';
import { byHand } from './database.ts';
import { Client, freshUser, newNodeId, refusal, text } from './harness.ts';

const page = (client: Client, query: Record<string, string | string[]>): Promise<NodePage> => {
  const words = Object.entries(query).flatMap(([key, value]) =>
    [value].flat().map((one): [string, string] => [key, one]),
  );
  return client.json('GET', `/api/v1/nodes?${new URLSearchParams(words)}`);
};

/** Names of all pages, in order. */
async function names(client: Client, query: Record<string, string | string[]>): Promise<string[]> {
  const found: string[] = [];
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const { nodes, next } = await page(client, { limit: '2', ...query, ...(cursor && { cursor }) });
    found.push(...nodes.map(({ name }) => name));
    cursor = next;
  }
  return found;
}

async function library() {
  const { client, server } = await freshUser();
  const folder = await client.createFolder('Reise');
  const put = (name: string, words: string, mtimeMs: number, parentId: Node['parentId'] = null) =>
    client.put(name, text(words), { mtimeMs, parentId });
  const files = {
    harbour: await put('Harbour at dawn.jpg', '4444', 30),
    invoice: await put('invoice 2026-11.pdf', '1', 10),
    cafe: await put('Café Lumière.mp4', '333', 20, folder.id),
    tower: await put('東京タワー.png', '22', 40, folder.id),
  };
  const say = (node: Node, change: object) => client.operate({ type: 'setLibrary', id: node.id, ...change });
  await say(files.harbour, { favourite: true, addTags: ['Sea', 'best'], category: 'shoot', subcategory: 'raw' });
  await say(files.tower, { addTags: ['best'], category: 'shoot', entityId: 'customer 7' });
  return { client, server, folder, ...files };
}

test.each([
  ['name', ['Café Lumière.mp4', 'Harbour at dawn.jpg', 'invoice 2026-11.pdf', 'Reise', '東京タワー.png']],
  ['size', ['Reise', 'invoice 2026-11.pdf', '東京タワー.png', 'Café Lumière.mp4', 'Harbour at dawn.jpg']],
  ['added', ['Reise', 'Harbour at dawn.jpg', 'invoice 2026-11.pdf', 'Café Lumière.mp4', '東京タワー.png']],
  ['modified', ['Reise', 'invoice 2026-11.pdf', 'Café Lumière.mp4', 'Harbour at dawn.jpg', '東京タワー.png']],
  ['type', ['invoice 2026-11.pdf', 'Reise', 'Harbour at dawn.jpg', '東京タワー.png', 'Café Lumière.mp4']],
])('everything comes in the order of its %s, page by page, and backwards as well', async (sort, expected) => {
  const { client } = await library();
  expect(await names(client, { sort })).toEqual(expected);
  expect(await names(client, { sort, order: 'desc' })).toEqual(expected.toReversed());
});

test('files with equal keys come each once, however the pages fall', async () => {
  const { client } = await freshUser();
  for (const name of ['a', 'b', 'c', 'd', 'e']) await client.put(name, text('same'));
  for (const sort of ['size', 'modified', 'type']) {
    for (const order of ['asc', 'desc']) {
      expect((await names(client, { sort, order })).sort()).toEqual(['a', 'b', 'c', 'd', 'e']);
    }
  }
});

test('pages neither repeat nor leave out anything when files appear and go meanwhile', async () => {
  const { client } = await freshUser();
  for (const name of ['b', 'd', 'f', 'h']) await client.put(name, text(name));
  const first = await page(client, { sort: 'name', limit: '2' });
  await client.put('a', text('a'));
  await client.put('e', text('e'));
  await client.trash(first.nodes[0] as Node);
  const second = await page(client, { sort: 'name', limit: '9', cursor: first.next ?? '' });
  expect([...first.nodes, ...second.nodes].map(({ name }) => name)).toEqual(['b', 'd', 'e', 'f', 'h']);
});

test('the cursor of another order, or of none, is refused', async () => {
  const { client } = await library();
  const { next } = await page(client, { sort: 'name', limit: '1' });
  for (const cursor of [next ?? '', 'nonsense']) {
    expect((await refusal(page(client, { sort: 'size', cursor }))).code).toBe('malformed');
  }
});

test.each<[string, Record<string, string | string[]>, string[]]>([
  ['a type', { type: 'image' }, ['Harbour at dawn.jpg', '東京タワー.png']],
  ['several types', { type: ['video', 'document'] }, ['Café Lumière.mp4', 'invoice 2026-11.pdf']],
  ['folders', { type: 'folder' }, ['Reise']],
  ['a tag, whatever its case', { tag: 'sea' }, ['Harbour at dawn.jpg']],
  ['all of several tags', { tag: ['Best', 'SEA'] }, ['Harbour at dawn.jpg']],
  ['a tag that nothing has', { tag: 'mountain' }, []],
  ['favourites', { favourite: 'true' }, ['Harbour at dawn.jpg']],
  ['all but favourites', { favourite: 'false', type: 'image' }, ['東京タワー.png']],
  ['a category', { category: 'shoot' }, ['Harbour at dawn.jpg', '東京タワー.png']],
  ['a subcategory', { category: 'shoot', subcategory: 'raw' }, ['Harbour at dawn.jpg']],
  ['an entity', { entityId: 'customer 7' }, ['東京タワー.png']],
  ['what lies at the top', { parent: 'root' }, ['Harbour at dawn.jpg', 'invoice 2026-11.pdf', 'Reise']],
  ['filters together', { tag: 'best', category: 'shoot', type: 'image', favourite: 'true' }, ['Harbour at dawn.jpg']],
  ['filters and words together', { q: 'at', tag: 'best' }, ['Harbour at dawn.jpg']],
])('a list shows %s', async (_what, query, expected) => {
  const { client } = await library();
  expect(await names(client, { sort: 'name', ...query })).toEqual(expected);
});

test.each<[string, string, string[]]>([
  ['letters in the middle of a word', 'arbo', ['Harbour at dawn.jpg']],
  ['case', 'HARBOUR', ['Harbour at dawn.jpg']],
  ['accents that are not typed', 'cafe lumiere', ['Café Lumière.mp4']],
  ['accents that are typed otherwise', 'CAFE\u0301', ['Café Lumière.mp4']],
  ['words in any order', 'dawn harb', ['Harbour at dawn.jpg']],
  ['only what has all of the words', 'harbour lumiere', []],
  ['one letter where a word begins', 'd', ['Harbour at dawn.jpg']],
  ['two letters where a word begins', 'lu', ['Café Lumière.mp4']],
  ['not two letters inside of a word', 'wn', []],
  ['one letter of a script without spaces', '京', ['東京タワー.png']],
  ['an extension', '.pd', ['invoice 2026-11.pdf']],
  ['digits and signs', '2026-11', ['invoice 2026-11.pdf']],
  ['tags', 'sea', ['Harbour at dawn.jpg']],
  ['tags and names together', 'best 東京', ['東京タワー.png']],
  ['signs that the index would take for its own', '" OR dawn*', []],
])('a search knows %s, before and after the index has read the files', async (_what, q, expected) => {
  const { client, server } = await library();
  expect(await names(client, { q })).toEqual(expected);
  await indexed(server.data);
  expect(await names(client, { q })).toEqual(expected);
  expect(await names(client, { q, sort: 'size', order: 'desc' })).toHaveLength(expected.length);
});

/** Until the index has read everything, as it does behind the answers. */
async function indexed(data: string): Promise<void> {
  const db = byHand(data);
  onTestFinished(() => {
    db.close();
  });
  await expect.poll(() => db.prepare('select count(*) from search_pending').pluck().get(), { timeout: 8_000 }).toBe(0);
}

test('a renamed file is found by its new name and tags, and not by the old ones', async () => {
  const { client, server, harbour } = await library();
  await indexed(server.data);
  const found = async () => [await names(client, { q: 'harbour' }), await names(client, { q: 'quay' })];
  await client.moveTo(await client.node(harbour.id), null, 'Quay.jpg');
  expect(await found()).toEqual([[], ['Quay.jpg']]);
  await indexed(server.data);
  expect(await found()).toEqual([[], ['Quay.jpg']]);
  await client.operate({ type: 'setLibrary', id: harbour.id, removeTags: ['sea'], addTags: ['ocean'] });
  await indexed(server.data);
  expect(await names(client, { q: 'sea' })).toEqual([]);
  expect(await names(client, { q: 'ocean' })).toEqual(['Quay.jpg']);
});

test('a name changed by hand is found after the next start', async () => {
  const { client, server, harbour } = await library();
  await indexed(server.data);
  const db = byHand(server.data);
  db.prepare(`update nodes set name = 'By hand.jpg', name_key = 'by hand.jpg' where id = ?`).run(harbour.id);
  db.close();
  expect(await names(client, { q: 'by hand' })).toEqual(['By hand.jpg']);
});

test('a search still finds the right files after the database was packed anew', async () => {
  const { client, server, invoice } = await library();
  await indexed(server.data);
  const db = byHand(server.data);
  db.prepare('delete from versions').run();
  db.prepare('delete from nodes where id = ?').run(invoice.id);
  db.exec('vacuum');
  db.close();
  expect(await names(client, { q: 'harbour' })).toEqual(['Harbour at dawn.jpg']);
  expect(await names(client, { q: '東京' })).toEqual(['東京タワー.png']);
  expect(await names(client, { q: 'invoice' })).toEqual([]);
});

test('the trash is listed and searched on its own, what went there last first', async () => {
  const { client, folder, invoice } = await library();
  await client.trash(invoice);
  await client.trash(folder);
  expect(await names(client, { state: 'trashed', sort: 'name' })).toEqual([
    'Café Lumière.mp4',
    'invoice 2026-11.pdf',
    'Reise',
    '東京タワー.png',
  ]);
  expect((await names(client, { state: 'trashed', recent: 'true' })).at(-1)).toBe('invoice 2026-11.pdf');
  expect(await names(client, { state: 'trashed', q: 'invoice' })).toEqual(['invoice 2026-11.pdf']);
  expect(await names(client, { state: 'trashed', tag: 'BEST' })).toEqual(['東京タワー.png']);
  expect(await names(client, { q: 'invoice' })).toEqual([]);
});

test('recent are the files whose content arrived last, whatever was said or moved since', async () => {
  const { client, invoice, harbour } = await library();
  await client.put('invoice 2026-11.pdf', text('new'), { nodeId: invoice.id, baseContentRev: invoice.contentRev });
  await client.moveTo(await client.node(harbour.id), null, 'moved.jpg');
  expect((await page(client, { recent: 'true', limit: '1' })).nodes[0]?.name).toBe('invoice 2026-11.pdf');
  expect(await names(client, { recent: 'true', type: 'folder' })).toEqual([]);
});

test('a search never shows what belongs to somebody else', async () => {
  const { client, server } = await library();
  const lee = new Client(server.url, (await server.addUser('lee')).token);
  await lee.put('Harbour of Lee.jpg', text('lee'));
  await indexed(server.data);
  expect(await names(lee, { q: 'harbour' })).toEqual(['Harbour of Lee.jpg']);
  expect(await names(client, { q: 'harbour' })).toEqual(['Harbour at dawn.jpg']);
  expect(await names(lee, { tag: 'best' })).toEqual([]);
  expect(await lee.json<TagList>('GET', '/api/v1/tags')).toEqual({ tags: [] });
  expect(await names(lee, { parent: newNodeId() })).toEqual([]);
});

test('tags come with how many files have them, by name', async () => {
  const { client } = await library();
  expect(await client.json<TagList>('GET', '/api/v1/tags')).toEqual({
    tags: [
      { tag: 'best', nodes: 2 },
      { tag: 'Sea', nodes: 1 },
    ],
  });
});

test('the breakdown tells bytes and files by type and category', async () => {
  const { client } = await library();
  const { parts } = await client.json<StorageBreakdown>('GET', '/api/v1/storage/breakdown');
  expect(parts).toEqual([
    { type: 'document', category: null, bytes: 1, files: 1 },
    { type: 'image', category: 'shoot', bytes: 6, files: 2 },
    { type: 'video', category: null, bytes: 3, files: 1 },
  ]);
});
