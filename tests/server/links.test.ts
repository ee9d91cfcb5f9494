import { expect, test } from 'vitest';
import type { Link, LinkList } from '../../shared/api/links.ts';
import { paths } from '../../shared/api/paths.ts';
import { byHand } from './database.ts';
import { Client, freshServer, freshUser, refusal, text } from './harness.ts';

const share = (client: Client, nodeId: string, more: object = {}): Promise<Link> =>
  client.json('POST', paths.links, { nodeId, ...more });

async function sharedFile() {
  const { client, server } = await freshUser();
  const file = await client.put('Secret plan.txt', text('0123456789'));
  const link = await share(client, file.id);
  const follow = (path = link.path, headers: Record<string, string> = {}) => fetch(server.url + path, { headers });
  const links = async () => (await client.json<LinkList>('GET', paths.links)).links;
  return { client, server, file, link, follow, links };
}

test('whoever has the address downloads the file, as an attachment that no browser runs', async () => {
  const { follow } = await sharedFile();
  const answer = await follow();
  expect(answer.status).toBe(200);
  expect(await answer.text()).toBe('0123456789');
  expect(Object.fromEntries(answer.headers)).toMatchObject({
    'content-disposition': expect.stringContaining('attachment; filename="Secret plan.txt"'),
    'x-content-type-options': 'nosniff',
    'content-security-policy': "sandbox; default-src 'none'",
    'referrer-policy': 'no-referrer',
  });
});

test('a link works for an hour when nothing else is said', async () => {
  const { link } = await sharedFile();
  expect(link.expiresAt - link.createdAt).toBe(3_600_000);
});

test('a link answers ranges, and counts each download once', async () => {
  const { follow, links, link } = await sharedFile();
  const first = await follow(link.path, { range: 'bytes=0-3' });
  expect([first.status, await first.text()]).toEqual([206, '0123']);
  const rest = await follow(link.path, { range: 'bytes=4-' });
  expect([rest.status, rest.headers.get('content-range'), await rest.text()]).toEqual([206, 'bytes 4-9/10', '456789']);
  await (await follow()).text();
  expect((await links())[0]?.downloads).toBe(2);
});

test('a link shows the file as it is then, whatever it is called and wherever it lies', async () => {
  const { client, file, follow } = await sharedFile();
  const newer = await client.put('x', text('newer'), { nodeId: file.id, baseContentRev: file.contentRev });
  await client.moveTo(newer, null, 'renamed.txt');
  const answer = await follow();
  expect(await answer.text()).toBe('newer');
  expect(answer.headers.get('content-disposition')).toContain('renamed.txt');
});

test('an address with any character changed is refused', async () => {
  const { link, follow } = await sharedFile();
  const prefix = paths.shared('');
  const token = link.path.slice(prefix.length);
  for (let at = 0; at < token.length; at += 1) {
    const other = token[at] === '1' ? '2' : '1';
    const answer = await follow(prefix + token.slice(0, at) + other + token.slice(at + 1));
    expect(answer.status, `character ${at}`).toBe(403);
  }
  expect((await follow(`${prefix}${token}.x`)).status).toBe(403);
  expect((await follow(`${prefix}nonsense`)).status).toBe(403);
});

test('a later end written into the address is a forgery', async () => {
  const { link, follow } = await sharedFile();
  const later = link.path.replace(`${link.expiresAt}`, `${link.expiresAt + 1_000_000}`);
  expect(later).not.toBe(link.path);
  expect((await follow(later)).status).toBe(403);
});

test('a link of another server is refused', async () => {
  const { link } = await sharedFile();
  const other = await freshServer();
  expect((await fetch(other.url + link.path)).status).toBe(403);
});

test.each<[string, (given: Awaited<ReturnType<typeof sharedFile>>) => Promise<void>]>([
  [
    'has expired',
    async ({ server, link }) => inDatabase(server.data, `update links set expires_at = ${link.createdAt}`),
  ],
  ['was revoked', async ({ client, link }) => client.json('DELETE', paths.link(link.id))],
  ['shows a file in the trash', async ({ client, file }) => void (await client.trash(file))],
  ['is not known any more', async ({ server }) => inDatabase(server.data, 'delete from links')],
])('a link that %s is gone, and does not tell what it showed', async (_why, end) => {
  const given = await sharedFile();
  await end(given);
  const answer = await given.follow();
  expect(answer.status).toBe(410);
  const said = await answer.text();
  expect(JSON.parse(said)).toMatchObject({ code: 'link-gone' });
  expect(said + JSON.stringify(Object.fromEntries(answer.headers))).not.toMatch(/secret|plan|kim/i);
});

function inDatabase(data: string, statement: string): void {
  const db = byHand(data);
  db.exec(statement);
  db.close();
}

test('links are listed newest first, of one file or of all, with what became of them', async () => {
  const { client, link, links } = await sharedFile();
  const other = await client.put('other', text('other'));
  const second = await share(client, other.id, { seconds: 60 });
  await client.json('DELETE', paths.link(link.id));
  await client.json('DELETE', paths.link(link.id));
  const listed = await links();
  expect(listed.map(({ id, revokedAt }) => [id, revokedAt !== null])).toEqual([
    [second.id, false],
    [link.id, true],
  ]);
  const { links: ofOne } = await client.json<LinkList>('GET', `${paths.links}?nodeId=${other.id}`);
  expect(ofOne).toEqual([second]);
});

test('an address goes on working after the server was started anew', async () => {
  const { client, server, link } = await sharedFile();
  expect(client.url).toBe(server.url);
  await server.close();
  const again = await freshServer({ data: server.data });
  expect((await fetch(again.url + link.path)).status).toBe(200);
});

test('only a file that lives is shared, and nobody else’s', async () => {
  const { client, server, file, link } = await sharedFile();
  const folder = await client.createFolder('folder');
  expect((await refusal(share(client, folder.id))).code).toBe('malformed');
  const lee = new Client(server.url, (await server.addUser('lee')).token);
  expect((await refusal(share(lee, file.id))).code).toBe('not-found');
  expect((await refusal(lee.json('DELETE', paths.link(link.id)))).code).toBe('not-found');
  expect(await lee.json<LinkList>('GET', paths.links)).toEqual({ links: [] });
  await client.trash(file);
  expect((await refusal(share(client, file.id))).code).toBe('malformed');
});

test('a link lasts between a minute and a year', async () => {
  const { client, file } = await sharedFile();
  for (const seconds of [59, 367 * 24 * 3_600]) {
    expect((await refusal(share(client, file.id, { seconds }))).code).toBe('malformed');
  }
});
