import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type PackedDownload, readFrame } from '../../shared/api/packs.ts';
import { paths } from '../../shared/api/paths.ts';
import { KiB } from '../../shared/bytes.ts';
import type { ContentId, NodeId } from '../../shared/ids.ts';
import { byHand } from './database.ts';
import {
  type Client,
  contentOf,
  Client as Device,
  draft,
  freshUser,
  newNodeId,
  randomBytes,
  storedElsewhere,
  text,
} from './harness.ts';

const file = (name: string, content = text(name)) => ({ draft: draft(content, name), content });

async function fetchPack(client: Client, files: readonly { nodeId: NodeId; contentId: ContentId | null }[]) {
  const response = await client.fetch(paths.packDownload, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ files }),
  });
  const pack = Buffer.from(await response.arrayBuffer());
  const frames: { header: PackedDownload; bytes: Buffer }[] = [];
  for (let at = 0; at < pack.length; ) {
    const frame = readFrame(pack, at, (json) => json as PackedDownload);
    if (!frame) throw new Error('the pack ends early');
    frames.push({ header: frame.header, bytes: pack.subarray(frame.start, frame.end) });
    at = frame.end;
  }
  return frames;
}

test('a pack of files is stored, with a result for each in order', async () => {
  const { client } = await freshUser();
  const files = Array.from({ length: 256 }, (_, i) => file(`${i}.txt`));
  const results = await client.pack(files);
  expect(results.map((result) => result.ok && result.nodes[0]?.name)).toEqual(files.map(({ draft: { name } }) => name));
  expect(await client.usage()).toMatchObject({ fileCount: 256 });
});

test('each refused file has its own reason, and its neighbours are stored', async () => {
  const { client } = await freshUser();
  await client.put('taken', text('0'));
  const results = await client.pack([
    file('fine'),
    file('Taken'),
    { ...file('torn', text('right')), bytes: Buffer.from('wrong') },
    { draft: draft(text('x'), 'lost', { parentId: newNodeId() }), content: text('x') },
    file('bad/name'),
    file('fine too'),
    file('FINE', text('clashes inside the pack')),
  ]);
  expect(results.map((result) => (result.ok ? 'ok' : result.problem.code))).toEqual([
    'ok',
    'name-taken',
    'hash-mismatch',
    'parent-missing',
    'name-refused',
    'ok',
    'name-taken',
  ]);
  expect((await client.changes()).nodes.map(({ name, seq }) => [name, seq])).toEqual([
    ['taken', 1],
    ['fine', 2],
    ['fine too', 3],
  ]);
});

test('a full account refuses exactly what does not fit', async () => {
  const { server } = await freshUser();
  const lee = await server.addUser('lee');
  const db = byHand(server.data);
  db.prepare('update users set quota_bytes = 100 where id = ?').run(lee.id);
  db.close();
  const client = new Device(server.url, lee.token);
  const sized = (name: string, size: number) => file(name, contentOf(randomBytes(size, name)));
  const results = await client.pack([sized('a', 60), sized('b', 50), sized('c', 40), sized('d', 1)]);
  expect(results.map((result) => (result.ok ? 'ok' : result.problem.code))).toEqual([
    'ok',
    'quota-exceeded',
    'ok',
    'quota-exceeded',
  ]);
  expect((await client.usage()).usedBytes).toBe(100);
});

test.skipIf(storedElsewhere)('nothing stays on the disk of a file that was refused', async () => {
  const { client, server, user } = await freshUser();
  await client.put('a.txt', text('a'));
  await client.pack([file('A.TXT'), file('b.txt')]);
  expect(await readdir(join(server.data, 'users', user.id, 'documents'))).toHaveLength(2);
});

test.skipIf(storedElsewhere)('the same content many times is one object', async () => {
  const { client, server, user } = await freshUser();
  const same = text('the same');
  await client.pack([file('a', same), file('b', same)]);
  await client.pack([file('c', same)]);
  expect(await readdir(join(server.data, 'users', user.id, 'other'))).toHaveLength(1);
  expect((await client.usage()).usedBytes).toBe(3 * same.bytes.length);
});

test.skipIf(storedElsewhere)('two packs with the same content at once share one object', async () => {
  const { client, server, user } = await freshUser();
  const same = text('the same');
  const results = await Promise.all(Array.from({ length: 8 }, (_, i) => client.pack([file(`${i}`, same)])));
  expect(results.flat().every((result) => result.ok)).toBe(true);
  expect(await readdir(join(server.data, 'users', user.id, 'other'))).toHaveLength(1);
});

test('a pack sent again after a lost answer changes nothing', async () => {
  const { client } = await freshUser();
  const files = [file('a'), file('b')];
  const first = await client.pack(files);
  expect(await client.pack(files)).toEqual(first);
  expect((await client.changes()).nodes).toHaveLength(2);
});

test('what is no pack is refused as a whole', async () => {
  const { client } = await freshUser();
  const send = (body: Buffer) =>
    client.fetch(paths.packUpload, {
      method: 'POST',
      headers: { 'content-type': 'application/vnd.driftless.pack' },
      body,
    });
  expect((await send(Buffer.from('certainly no pack'))).status).toBe(400);
  expect((await send(Buffer.alloc(10 * 1024 * KiB))).status).toBe(413);
});

test('a pack of more files than a pack holds is refused', async () => {
  const { client } = await freshUser();
  await expect(client.pack(Array.from({ length: 257 }, (_, i) => file(`${i}`)))).rejects.toThrow('too-large');
});

test('files are downloaded packed, in the order asked for, and what is missing says so', async () => {
  const { client } = await freshUser();
  const small = await client.put('small', text('small'));
  const large = contentOf(randomBytes(3_000 * KiB, 'large'));
  const big = await client.upload('large', large);
  const empty = await client.put('empty', contentOf(Buffer.alloc(0)));
  const frames = await fetchPack(client, [
    { nodeId: big.id, contentId: big.contentId },
    { nodeId: newNodeId(), contentId: small.contentId },
    { nodeId: small.id, contentId: small.contentId },
    { nodeId: empty.id, contentId: empty.contentId },
    { nodeId: small.id, contentId: big.contentId },
  ]);
  expect(frames.map(({ header }) => [header.size, header.problem?.code])).toEqual([
    [large.bytes.length, undefined],
    [0, 'not-found'],
    [5, undefined],
    [0, undefined],
    [0, 'not-found'],
  ]);
  expect(frames[0]?.bytes.equals(large.bytes)).toBe(true);
  expect(frames[2]?.bytes.toString()).toBe('small');
});

test('a kept version is downloaded packed as well', async () => {
  const { client } = await freshUser();
  const first = await client.put('a', text('first'));
  await client.put('a', text('second'), { nodeId: first.id, baseContentRev: first.contentRev });
  const [frame] = await fetchPack(client, [{ nodeId: first.id, contentId: first.contentId }]);
  expect(frame?.bytes.toString()).toBe('first');
});
