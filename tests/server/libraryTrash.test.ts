import { expect, test } from 'vitest';
import type { EmptiedTrash, Node, Version } from '../../shared/api/nodes.ts';
import { paths } from '../../shared/api/paths.ts';
import { byHand } from './database.ts';
import { Client, contentOf, freshUser, randomBytes, refusal, text } from './harness.ts';

const restore = (client: Client, node: Node, contentRev: number, baseContentRev = node.contentRev): Promise<Node> =>
  client.json('POST', paths.restoreVersion(node.id), { contentRev, baseContentRev });

/** A file with the contents 'one', 'two' and, now, 'three'. */
async function threeVersions() {
  const { client, server } = await freshUser();
  const one = await client.put('a', text('one'), { mtimeMs: 1_000 });
  const two = await client.put('a', text('two'), { nodeId: one.id, baseContentRev: one.contentRev });
  const three = await client.put('a', text('three'), { nodeId: one.id, baseContentRev: two.contentRev });
  const contents = async () => {
    const { versions } = await client.json<{ versions: Version[] }>('GET', paths.versions(one.id));
    const node = await client.node(one.id);
    return Promise.all(versions.map(async ({ contentId }) => String(await client.download(node, contentId))));
  };
  return { client, server, one, two, three, contents };
}

test('an earlier version comes back as new content, and what was there becomes a version', async () => {
  const { client, one, three, contents } = await threeVersions();
  const restored = await restore(client, three, one.contentRev);
  expect(restored).toMatchObject({ contentId: one.contentId, mtimeMs: 1_000, contentRev: restored.seq });
  expect(restored.seq).toBeGreaterThan(three.seq);
  expect(await contents()).toEqual(['one', 'three', 'two', 'one']);
});

test('restoring a version again after a lost answer changes nothing', async () => {
  const { client, one, three, contents } = await threeVersions();
  const restored = await restore(client, three, one.contentRev);
  expect(await restore(client, three, one.contentRev)).toEqual(restored);
  expect(await contents()).toHaveLength(4);
});

test('a version does not replace content that the client has not seen', async () => {
  const { client, one, two, three } = await threeVersions();
  expect((await refusal(restore(client, three, one.contentRev, two.contentRev))).code).toBe('base-changed');
  expect(await client.node(one.id)).toEqual(three);
});

test('restoring a version that does not fit is refused', async () => {
  const { client, server } = await freshUser();
  const big = await client.put('a', contentOf(randomBytes(200_000, 'big')));
  const small = await client.put('a', text('small'), { nodeId: big.id, baseContentRev: big.contentRev });
  const db = byHand(server.data);
  db.exec('update users set quota_bytes = 1000');
  db.close();
  expect((await refusal(restore(client, small, big.contentRev))).code).toBe('quota-exceeded');
});

test('a version that is not there, or of a file in the trash, is not restored', async () => {
  const { client, server, one, three } = await threeVersions();
  expect((await refusal(restore(client, three, 99))).code).toBe('not-found');
  await client.trash(three);
  expect((await refusal(restore(client, three, one.contentRev))).code).toBe('base-changed');
  const lee = new Client(server.url, (await server.addUser('lee')).token);
  expect((await refusal(restore(lee, three, one.contentRev))).code).toBe('not-found');
});

const empty = (client: Client, body: object = {}): Promise<EmptiedTrash> => client.json('POST', paths.emptyTrash, body);

test('emptying the trash frees what lies there, and nothing that lives', async () => {
  const { client } = await freshUser();
  const folder = await client.createFolder('folder');
  for (let n = 0; n < 120; n += 1) await client.put(`${n}`, text(`number ${n}`), { parentId: folder.id });
  const kept = await client.put('kept', text('number 7'));
  await client.trash(folder);
  const emptied = await empty(client);
  expect(emptied.purged).toBe(121);
  expect(emptied.freedBytes).toBe([...Array(120).keys()].reduce((sum, n) => sum + `number ${n}`.length, 0) - 8);
  expect(String(await client.download(kept))).toBe('number 7');
  expect(await client.usage()).toMatchObject({ keptBytes: 0, usedBytes: 8 });
  expect(await empty(client)).toEqual({ purged: 0, freedBytes: 0 });
});

test('what went to the trash since the person looked stays there', async () => {
  const { client } = await freshUser();
  const seen = await client.trash(await client.put('seen', text('1')));
  const later = await client.trash(await client.put('later', text('2')));
  expect((await empty(client, { upToSeq: seen.seq })).purged).toBe(1);
  expect((await client.node(later.id)).state).toBe('trashed');
});

test('emptying one trash leaves those of others alone', async () => {
  const { client, server } = await freshUser();
  const mine = await client.trash(await client.put('mine', text('1')));
  const lee = new Client(server.url, (await server.addUser('lee')).token);
  expect(await empty(lee)).toEqual({ purged: 0, freedBytes: 0 });
  expect((await client.node(mine.id)).state).toBe('trashed');
});
