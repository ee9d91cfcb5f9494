import { expect, test } from 'vitest';
import type { ChunkList } from '../../shared/api/content.ts';
import { paths } from '../../shared/api/paths.ts';
import { MiB } from '../../shared/bytes.ts';
import { type Client, contentOf, freshUser, randomBytes, text } from './harness.ts';

async function stored(name = 'a.bin') {
  const { client } = await freshUser();
  const content = contentOf(randomBytes(2 * MiB, 'a'));
  const node = await client.upload(name, content);
  const get = (headers: Record<string, string> = {}, method = 'GET'): Promise<Response> =>
    client.fetch(paths.content(node.id), { headers, method });
  return { client, content, node, get };
}

const bytesOf = async (response: Response): Promise<Buffer> => Buffer.from(await response.arrayBuffer());

test.each([
  ['bytes=0-9', 0, 10],
  ['bytes=1000000-1999999', 1_000_000, 2_000_000],
  ['bytes=2097142-', 2_097_142, 2_097_152],
  ['bytes=-10', 2_097_142, 2_097_152],
  ['bytes=2097150-9999999', 2_097_150, 2_097_152],
])('the range %s is served', async (range, from, to) => {
  const { content, get } = await stored();
  const response = await get({ range });
  expect(response.status).toBe(206);
  expect(response.headers.get('content-range')).toBe(`bytes ${from}-${to - 1}/${2 * MiB}`);
  expect((await bytesOf(response)).equals(content.bytes.subarray(from, to))).toBe(true);
});

test.each(['bytes=2097152-', 'bytes=5-2', 'bytes=-0', 'bytes=x'])('the range %s is refused', async (range) => {
  const { get } = await stored();
  const response = await get({ range });
  expect(response.status).toBe(416);
  expect(response.headers.get('content-range')).toBe(`bytes */${2 * MiB}`);
});

test('content that the client has is not sent again', async () => {
  const { node, get } = await stored();
  const etag = `"${node.contentId}"`;
  expect((await get()).headers.get('etag')).toBe(etag);
  expect((await get({ 'if-none-match': etag })).status).toBe(304);
  expect((await get({ 'if-none-match': '"other"' })).status).toBe(200);
});

test('a range of content that has changed meanwhile is answered whole', async () => {
  const { node, get } = await stored();
  expect((await get({ range: 'bytes=0-9', 'if-range': '"other"' })).status).toBe(200);
  expect((await get({ range: 'bytes=0-9', 'if-range': `"${node.contentId}"` })).status).toBe(206);
});

test('content is never shown in the name of the server', async () => {
  const { get } = await stored('Ende "gut" – alles gut.html');
  const { headers } = await get();
  expect(headers.get('content-type')).toBe('application/octet-stream');
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(headers.get('content-security-policy')).toContain('sandbox');
  expect(headers.get('content-disposition')).toBe(
    `attachment; filename="Ende _gut_ _ alles gut.html"; filename*=UTF-8''Ende%20%22gut%22%20%E2%80%93%20alles%20gut.html`,
  );
});

test('HEAD tells the size without the bytes', async () => {
  const { get } = await stored();
  const response = await get({}, 'HEAD');
  expect(response.headers.get('content-length')).toBe(String(2 * MiB));
  expect(await bytesOf(response)).toHaveLength(0);
});

const status = async (client: Client, path: string): Promise<number> => (await client.fetch(path)).status;

test('content that the file never had is not served under its name', async () => {
  const { client, node } = await stored();
  const other = await client.put('other', text('other'));
  expect(await status(client, `${paths.content(node.id)}?content=${other.contentId}`)).toBe(404);
});

test('a folder has no content', async () => {
  const { client } = await freshUser();
  const folder = await client.createFolder('folder');
  expect(await status(client, paths.content(folder.id))).toBe(404);
  expect(await status(client, paths.chunks(folder.id))).toBe(404);
});

test('the chunk list is that of the upload, for every version', async () => {
  const { client, content, node } = await stored();
  await client.put('a.bin', text('new'), { nodeId: node.id, baseContentRev: node.contentRev });
  const list = await client.json<ChunkList>('GET', `${paths.chunks(node.id)}?content=${node.contentId}`);
  expect(list).toEqual({ contentId: node.contentId, size: content.bytes.length, chunks: content.chunks });
  expect((await client.json<ChunkList>('GET', paths.chunks(node.id))).chunks).toEqual(text('new').chunks);
});

test('a client that goes away in the middle leaves the server well', async () => {
  const { client, get } = await stored();
  const response = await get();
  await response.body?.cancel();
  expect((await client.usage()).fileCount).toBe(1);
});
