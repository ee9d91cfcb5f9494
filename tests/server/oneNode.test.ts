import { expect, test } from 'vitest';
import type { Node } from '../../shared/api/nodes.ts';
import type { Problem } from '../../shared/api/problem.ts';
import type { NodeId } from '../../shared/ids.ts';
import { Client, freshUser, newNodeId, text } from './harness.ts';

interface Answer {
  readonly status: number;
  readonly etag: string;
  readonly node: Node;
  readonly problem: Problem;
}

/** As curl would: one node, one method. */
async function ask(client: Client, method: string, id: NodeId, ifMatch?: string, body?: object, query = '') {
  const response = await client.fetch(`/api/v1/nodes/${id}${query}`, {
    method,
    headers: {
      ...(ifMatch !== undefined && { 'if-match': ifMatch }),
      ...(body && { 'content-type': 'application/json' }),
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  const said: unknown = response.status === 204 ? null : await response.json();
  const etag = response.headers.get('etag') ?? '';
  return { status: response.status, etag, node: said, problem: said } as Answer;
}

async function oneFile() {
  const { client, server } = await freshUser();
  const file = await client.put('a.jpg', text('1'));
  const { etag } = await ask(client, 'GET', file.id);
  return { client, server, file, etag };
}

test('a node is changed as a whole by a client that names the state it means', async () => {
  const { client, file, etag } = await oneFile();
  const folder = await client.createFolder('photos');
  const edit = {
    name: 'b.mp4',
    parentId: folder.id,
    mtimeMs: 5,
    executable: true,
    favourite: true,
    tags: ['x'],
    category: 'c',
  };
  const answer = await ask(client, 'PATCH', file.id, etag, edit);
  expect(answer.status).toBe(200);
  expect(answer.node).toMatchObject({
    name: 'b.mp4',
    parentId: folder.id,
    mtimeMs: 5,
    executable: true,
    library: { favourite: true, tags: ['x'], category: 'c' },
  });
  expect((await ask(client, 'GET', file.id)).etag).toBe(answer.etag);
});

test.each(['PATCH', 'DELETE'])('%s without If-Match is refused, and a stale one as well', async (method) => {
  const { client, file, etag } = await oneFile();
  const body = method === 'PATCH' ? { name: 'b' } : undefined;
  const missing = await ask(client, method, file.id, undefined, body);
  expect([missing.status, missing.problem.code]).toEqual([428, 'precondition-required']);
  await client.operate({ type: 'setLibrary', id: file.id, favourite: true });
  const stale = await ask(client, method, file.id, etag, body);
  expect([stale.status, stale.problem.code]).toEqual([412, 'precondition-failed']);
  expect(await client.node(file.id)).toMatchObject({ name: 'a.jpg', state: 'live' });
});

test('every change of content, place or what is said makes another ETag', async () => {
  const { client, file, etag } = await oneFile();
  const etags = [etag];
  const look = async () => etags.push((await ask(client, 'GET', file.id)).etag);
  await client.put('a.jpg', text('2'), { nodeId: file.id, baseContentRev: file.contentRev });
  await look();
  const moved = await client.moveTo(await client.node(file.id), null, 'b.jpg');
  await look();
  await client.operate({ type: 'setLibrary', id: file.id, favourite: true });
  await look();
  await client.trash(moved);
  await look();
  expect(new Set(etags).size).toBe(5);
});

test('If-Match with a star means whatever is there', async () => {
  const { client, file } = await oneFile();
  expect((await ask(client, 'PATCH', file.id, '*', { name: 'b' })).node.name).toBe('b');
});

test('tags given as a whole replace those there were', async () => {
  const { client, file } = await oneFile();
  await client.operate({ type: 'setLibrary', id: file.id, addTags: ['old', 'kept'] });
  const { node } = await ask(client, 'PATCH', file.id, '*', { tags: ['kept', 'new'] });
  expect(node.library).toEqual({ tags: ['kept', 'new'] });
  expect((await ask(client, 'PATCH', file.id, '*', { tags: [] })).node).not.toHaveProperty('library');
});

test('of a change that is refused in part nothing is done', async () => {
  const { client, file } = await oneFile();
  await client.put('taken', text('2'));
  const answer = await ask(client, 'PATCH', file.id, '*', { mtimeMs: 9, favourite: true, name: 'taken' });
  expect([answer.status, answer.problem.code]).toEqual([409, 'name-taken']);
  expect(await client.node(file.id)).toEqual(file);
});

test('a field that does not exist is refused, so that a typing error is not taken for success', async () => {
  const { client, file } = await oneFile();
  expect((await ask(client, 'PATCH', file.id, '*', { favorite: true })).status).toBe(400);
});

test('DELETE trashes, PATCH restores', async () => {
  const { client, file, etag } = await oneFile();
  const trashed = await ask(client, 'DELETE', file.id, etag);
  expect([trashed.status, trashed.node.state]).toEqual([200, 'trashed']);
  const restored = await ask(client, 'PATCH', file.id, trashed.etag, { state: 'live', name: 'back.jpg' });
  expect(restored.node).toMatchObject({ state: 'live', name: 'back.jpg' });
});

test('a folder with something newer inside than was seen is not deleted', async () => {
  const { client } = await freshUser();
  const folder = await client.createFolder('folder');
  const inside = await client.put('a', text('1'), { parentId: folder.id });
  const refused = await ask(client, 'DELETE', folder.id, '*', undefined, `?seenSeq=${inside.seq - 1}`);
  expect(refused.problem.code).toBe('changed-inside');
  expect((await ask(client, 'DELETE', folder.id, '*', undefined, `?seenSeq=${inside.seq}`)).status).toBe(200);
});

test('only what is in the trash is purged, with what went there with it and nothing else', async () => {
  const { client } = await freshUser();
  const folder = await client.createFolder('folder');
  const before = await client.put('before', text('12'), { parentId: folder.id });
  const inside = await client.put('inside', text('345'), { parentId: folder.id });
  const live = await ask(client, 'DELETE', folder.id, '*', undefined, '?purge=true');
  expect(live.problem.code).toBe('base-changed');
  await client.trash(before);
  await client.trash(folder);
  expect((await client.usage()).keptBytes).toBe(5);
  expect((await ask(client, 'DELETE', folder.id, undefined, undefined, '?purge=true')).status).toBe(428);
  expect((await ask(client, 'DELETE', folder.id, '*', undefined, '?purge=true')).status).toBe(204);
  expect((await client.usage()).keptBytes).toBe(2);
  expect((await ask(client, 'GET', inside.id)).status).toBe(404);
  const { nodes } = await client.changes();
  expect(Object.fromEntries(nodes.map(({ name, state }) => [name, state]))).toEqual({
    before: 'trashed',
    folder: 'purged',
    inside: 'purged',
  });
});

test('what was trashed before its folder was purged can still be restored, into that folder', async () => {
  const { client } = await freshUser();
  const folder = await client.createFolder('folder');
  const file = await client.put('a', text('1'), { parentId: folder.id });
  await client.trash(file);
  await client.trash(folder);
  await ask(client, 'DELETE', folder.id, '*', undefined, '?purge=true');
  await client.operate({ type: 'restore', id: file.id });
  expect((await client.node(file.id)).state).toBe('live');
  expect((await client.node(folder.id)).state).toBe('live');
});

test('a purged file leaves nothing that was said about it behind', async () => {
  const { client, file } = await oneFile();
  await client.operate({ type: 'setLibrary', id: file.id, addTags: ['secret'], category: 'x' });
  await client.trash(await client.node(file.id));
  await ask(client, 'DELETE', file.id, '*', undefined, '?purge=true');
  const { nodes } = await client.changes();
  expect(nodes[0]).toMatchObject({ state: 'purged' });
  expect(nodes[0]).not.toHaveProperty('library');
});

test('somebody else’s node is not there, whatever is asked of it', async () => {
  const { server, file } = await oneFile();
  const lee = new Client(server.url, (await server.addUser('lee')).token);
  const attempts: [string, (object | undefined)?, string?][] = [
    ['GET'],
    ['PATCH', { name: 'mine' }],
    ['DELETE'],
    ['DELETE', undefined, '?purge=true'],
  ];
  for (const [method, body, query] of attempts) {
    expect((await ask(lee, method, file.id, '*', body, query)).status, method).toBe(404);
  }
  expect((await ask(lee, 'PATCH', newNodeId(), '*', { name: 'x' })).status).toBe(404);
  expect((await ask(lee, 'DELETE', file.id)).status, 'without If-Match').toBe(404);
});
