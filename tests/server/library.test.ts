import { expect, onTestFinished, test } from 'vitest';
import type { LibraryChange } from '../../shared/api/library.ts';
import type { Node } from '../../shared/api/nodes.ts';
import type { NodeId } from '../../shared/ids.ts';
import { byHand } from './database.ts';
import { type Client, draft, freshUser, refusal, text } from './harness.ts';

const say = (client: Client, id: NodeId, change: LibraryChange): Promise<Node> =>
  client.operate({ type: 'setLibrary', id, ...change });

test('a file that nobody has said anything about says nothing', async () => {
  const { client } = await freshUser();
  expect(await client.put('a.jpg', text('1'))).not.toHaveProperty('library');
});

test('what is said about a file comes back with every answer that shows it', async () => {
  const { client } = await freshUser();
  const file = await client.put('a.jpg', text('1'));
  const said = await say(client, file.id, {
    favourite: true,
    addTags: ['Summer', 'beach'],
    category: 'shoot',
    subcategory: 'raw',
    entityId: 'customer-7',
  });
  const library = {
    favourite: true,
    tags: ['Summer', 'beach'],
    category: 'shoot',
    subcategory: 'raw',
    entityId: 'customer-7',
  };
  expect(said.library).toEqual(library);
  expect((await client.node(file.id)).library).toEqual(library);
  expect((await client.changes()).nodes[0]?.library).toEqual(library);
  const { nodes } = await client.json<{ nodes: Node[] }>('GET', '/api/v1/nodes?parent=root');
  expect(nodes[0]?.library).toEqual(library);
  const edit = { nodeId: file.id, baseContentRev: file.contentRev };
  const packed = await client.put('a.jpg', text('2'), edit);
  expect(packed.library).toEqual(library);
  const uploaded = await client.upload('a.jpg', text('3'), { ...edit, baseContentRev: packed.contentRev });
  expect(uploaded.library).toEqual(library);
  const trashed = await client.trash(await client.moveTo(uploaded, null, 'b.jpg'));
  expect(trashed.library).toEqual(library);
  expect((await client.operate({ type: 'restore', id: file.id })).library).toEqual(library);
});

test('saying something moves metaRev and seq alone', async () => {
  const { client } = await freshUser();
  const file = await client.put('a', text('1'));
  const said = await say(client, file.id, { favourite: true });
  expect(said).toEqual({ ...file, metaRev: file.seq + 1, seq: file.seq + 1, library: { favourite: true } });
});

test('saying what is said already changes nothing', async () => {
  const { client } = await freshUser();
  const file = await client.put('a', text('1'));
  const said = await say(client, file.id, { favourite: true, addTags: ['Été'], category: 'x' });
  expect(await say(client, file.id, { favourite: true, addTags: ['été'], category: 'x' })).toEqual(said);
  expect(await say(client, file.id, { removeTags: ['winter'] })).toEqual(said);
  expect(await say(client, file.id, {})).toEqual(said);
  expect((await client.changes()).nodes).toHaveLength(1);
});

test('tags are added and removed one by one, whatever their case', async () => {
  const { client } = await freshUser();
  const file = await client.put('a', text('1'));
  await say(client, file.id, { addTags: ['red', 'blue'] });
  await say(client, file.id, { addTags: ['green'], removeTags: ['RED'] });
  expect((await client.node(file.id)).library).toEqual({ tags: ['blue', 'green'] });
  const bare = await say(client, file.id, { removeTags: ['blue', 'green'] });
  expect(bare).not.toHaveProperty('library');
});

test('the spelling of a tag is changed by removing and adding it at once', async () => {
  const { client } = await freshUser();
  const file = await client.put('a', text('1'));
  await say(client, file.id, { addTags: ['red'] });
  expect((await say(client, file.id, { addTags: ['Red'], removeTags: ['red'] })).library).toEqual({ tags: ['Red'] });
});

test('a node has at most fifty tags', async () => {
  const { client } = await freshUser();
  const file = await client.put('a', text('1'));
  await say(client, file.id, { addTags: Array.from({ length: 50 }, (_, n) => `tag ${n}`) });
  expect((await refusal(say(client, file.id, { addTags: ['one more'] }))).code).toBe('malformed');
});

test('a tag with a comma, or with nothing in it, is refused', async () => {
  const { client } = await freshUser();
  const file = await client.put('a', text('1'));
  for (const tag of ['a,b', '  ', 'a\u0007']) {
    expect((await refusal(say(client, file.id, { addTags: [tag] }))).code).toBe('malformed');
  }
});

test('nothing can be said about what is not there, or somebody else’s', async () => {
  const { client, server } = await freshUser();
  const file = await client.put('a', text('1'));
  const { token } = await server.addUser('lee');
  const lee = new (client.constructor as typeof Client)(server.url, token);
  expect((await refusal(say(lee, file.id, { favourite: true }))).code).toBe('not-found');
});

test('a file whose content is put again keeps what is said about it', async () => {
  const { client } = await freshUser();
  const file = await client.put('a', text('1'));
  await say(client, file.id, { addTags: ['kept'] });
  await client.trash(file);
  const [result] = await client.pack([
    {
      draft: draft(text('2'), 'b', { nodeId: file.id, baseContentRev: file.contentRev }),
      content: text('2'),
    },
  ]);
  expect(result?.ok && result.nodes[0]?.library).toEqual({ tags: ['kept'] });
});

/** A person's own connection to the database, beside the running server. */
async function bySql() {
  const { client, server } = await freshUser();
  const db = byHand(server.data);
  onTestFinished(() => {
    db.close();
  });
  const tags = () => db.prepare('select tag, nodes from tags order by tag').raw().all();
  const parts = () =>
    db.prepare('select file_type, category, bytes, files from usage_breakdown order by 1, 2').raw().all();
  return { client, db, tags, parts };
}

test('counts of tags follow what is written by hand, and count live nodes', async () => {
  const { client, db, tags } = await bySql();
  const a = await client.put('a', text('1'));
  const b = await client.put('b', text('2'));
  db.prepare(`update nodes set tags = '["x","y"]' where id = ?`).run(a.id);
  db.prepare(`update nodes set tags = '["x"]' where id = ?`).run(b.id);
  expect(tags()).toEqual([
    ['x', 2],
    ['y', 1],
  ]);
  db.prepare(`update nodes set state = 'trashed' where id = ?`).run(a.id);
  expect(tags()).toEqual([['x', 1]]);
  db.prepare(`update nodes set state = 'live', tags = '["z"]' where id = ?`).run(a.id);
  db.prepare('delete from nodes where id = ?').run(b.id);
  expect(tags()).toEqual([['z', 1]]);
});

test('tags that are no list of texts cannot be written by hand', async () => {
  const { client, db } = await bySql();
  const { id } = await client.put('a', text('1'));
  expect(() => db.prepare(`update nodes set tags = 'x, y' where id = ?`).run(id)).toThrow(/CHECK|json/);
});

test('the breakdown follows files that are made, replaced, renamed, moved to a category, trashed and restored', async () => {
  const { client, parts } = await bySql();
  const a = await client.put('a.jpg', text('12345'));
  await client.put('b.jpg', text('123'));
  await client.createFolder('folder.jpg');
  expect(parts()).toEqual([['image', '', 8, 2]]);
  const longer = await client.put('a.jpg', text('1234567'), { nodeId: a.id, baseContentRev: a.contentRev });
  expect(parts()).toEqual([['image', '', 10, 2]]);
  const video = await client.moveTo(longer, null, 'a.mp4');
  await say(client, a.id, { category: 'shoot' });
  expect(parts()).toEqual([
    ['image', '', 3, 1],
    ['video', 'shoot', 7, 1],
  ]);
  await client.trash(video);
  expect(parts()).toEqual([['image', '', 3, 1]]);
  await client.put('a.mp4', text('1'));
  await client.operate({ type: 'restore', id: a.id });
  expect(parts()).toEqual([
    ['image', '', 3, 1],
    ['video', '', 1, 1],
    ['video', 'shoot', 7, 1],
  ]);
});

test('the breakdown follows rows that are changed and deleted by hand', async () => {
  const { client, db, parts } = await bySql();
  const { id } = await client.put('a.jpg', text('12345'));
  db.prepare(`update nodes set size = 9, category = 'x', file_type = 'audio' where id = ?`).run(id);
  expect(parts()).toEqual([['audio', 'x', 9, 1]]);
  db.prepare('delete from nodes where id = ?').run(id);
  expect(parts()).toEqual([]);
});
