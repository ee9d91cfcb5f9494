import { cp, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createParser } from 'eventsource-parser';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { MediaPage } from '../../../shared/api/media.ts';
import { paths } from '../../../shared/api/paths.ts';
import type { Problem } from '../../../shared/api/problem.ts';
import { until } from '../../e2e/harness/wait.ts';
import { copyDatabase } from '../database.ts';
import { Client, freshServer, freshUser, newNodeId, temporaryFolder, text } from '../harness.ts';
import { TestClock } from '../testClock.ts';
import { corners, photo } from './samples.ts';
import { factsOf, mediaAfter, see, store, thumbnail } from './scene.ts';

/** The process that looks is last in line: on a busy machine it takes its time. */
vi.setConfig({ testTimeout: 300_000 });

const DAY = 24 * 3_600_000;

test('a thumbnail that is known already is not sent again', async () => {
  const { client } = await freshUser();
  const node = await store(client, 'a.jpg', await photo(1));
  await factsOf(client, node);
  const first = await thumbnail(client, node, 256);
  const etag = first.headers.get('etag') ?? '';
  expect([first.status, first.headers.get('content-type'), etag]).toEqual([
    200,
    'image/webp',
    `"${node.contentId}-256"`,
  ]);
  const path = `${paths.thumbnail(node.id)}?size=256`;
  expect((await client.fetch(path, { headers: { 'if-none-match': etag } })).status).toBe(304);
  expect((await client.fetch(path, { headers: { 'if-none-match': '"other"' } })).status).toBe(200);
});

test('the answer for a named content may be kept for ever, and that for a node must be asked for again', async () => {
  const { client } = await freshUser();
  const before = await store(client, 'a.png', await corners(20, 10).png().toBuffer());
  await factsOf(client, before);
  const after = await client.put('a.png', text('only words now'), { nodeId: before.id, baseContentRev: 1 });
  await factsOf(client, after);
  const kept = await client.fetch(`${paths.thumbnail(before.id)}?content=${before.contentId}`);
  expect([kept.status, kept.headers.get('cache-control')]).toEqual([200, 'private, max-age=31536000, immutable']);
  const now = await thumbnail(client, after);
  expect(now.status).toBe(404);
  const again = await store(client, 'b.png', await corners(20, 10).png().toBuffer());
  expect((await thumbnail(client, again)).headers.get('cache-control')).toBe('private, no-cache');
});

test('a file without thumbnail says why, in a problem of its own', async () => {
  const { client } = await freshUser();
  const node = await store(client, 'a.txt', Buffer.from('words'));
  await factsOf(client, node);
  const answer = await thumbnail(client, node);
  expect(answer.status).toBe(404);
  expect(answer.headers.get('content-type')).toContain('application/problem+json');
  expect((await answer.json()) as Problem).toMatchObject({
    code: 'no-thumbnail',
    title: 'Text has no picture to show.',
  });
});

test('a size that is not made is malformed', async () => {
  const { client } = await freshUser();
  expect((await client.fetch(`${paths.thumbnail(newNodeId())}?size=300`)).status).toBe(400);
});

test('thumbnails and facts of somebody else do not exist', async () => {
  const { client, server } = await freshUser();
  const lee = new Client(server.url, (await server.addUser('lee')).token);
  const node = await store(client, 'a.jpg', await photo(1));
  await factsOf(client, node);
  for (const path of [paths.thumbnail(node.id), `${paths.thumbnail(node.id)}?content=${node.contentId}`]) {
    const answer = await lee.fetch(path);
    expect([answer.status, ((await answer.json()) as Problem).code]).toEqual([404, 'not-found']);
  }
  expect(await mediaAfter(lee)).toEqual({ facts: [], next: '0', caughtUp: true });
  expect((await fetch(server.url + paths.media)).status).toBe(401);
  expect((await fetch(server.url + paths.thumbnail(node.id))).status).toBe(401);
});

test('facts come in the order in which they were found, page by page, without a gap', async () => {
  const { client } = await freshUser();
  const nodes = [];
  for (const words of ['a', 'b', 'c', 'd', 'e']) nodes.push(await store(client, words, Buffer.from(words)));
  for (const node of nodes) await factsOf(client, node);
  const first = await client.json<MediaPage>('GET', `${paths.media}?after=0&limit=2`);
  expect(first).toMatchObject({ facts: [{}, {}], next: expect.stringMatching(/^2\.[0-9a-f]+$/), caughtUp: false });
  const rest = await mediaAfter(client, first.next);
  expect(rest).toMatchObject({ next: expect.stringMatching(/^5\./), caughtUp: true });
  const seen = [...first.facts, ...rest.facts].map(({ contentId }) => contentId);
  expect(new Set(seen)).toEqual(new Set(nodes.map(({ contentId }) => contentId)));
  expect(await mediaAfter(client, rest.next)).toEqual({ facts: [], next: rest.next, caughtUp: true });
});

test('a place of a history that a restore has undone is recognised, though its number exists again', async () => {
  const first = await freshUser();
  const found = async (client: Client, words: string) =>
    factsOf(client, await store(client, words, Buffer.from(words)));
  await found(first.client, 'before');
  const shared = (await mediaAfter(first.client)).next;
  const copy = await temporaryFolder();
  await copyDatabase(first.server.data, copy);
  await found(first.client, 'lost');
  const undone = (await mediaAfter(first.client)).next;
  await first.server.close();
  await cp(join(first.server.data, 'users'), join(copy, 'users'), { recursive: true });

  const second = await freshServer({ data: copy });
  const client = new Client(second.url, first.user.token);
  expect(await mediaAfter(client, undone)).toMatchObject({ facts: [{}], next: shared });
  const { contentId } = await found(client, 'another');
  const after = await mediaAfter(client, undone);
  expect([after.next.split('.')[0], after.next === undone]).toEqual([undone.split('.')[0], false]);
  expect(after.facts).toHaveLength(2);
  expect((await mediaAfter(client, shared)).facts).toMatchObject([{ contentId }]);
  expect((await mediaAfter(client, after.next)).facts).toEqual([]);
});

test('a place that is a bare number, or beyond the newest, begins from the first facts', async () => {
  const { client } = await freshUser();
  await factsOf(client, await store(client, 'a', Buffer.from('a')));
  const { next } = await mediaAfter(client);
  for (const place of ['1', '1000', next.replace('1.', '1000.')]) {
    expect(await mediaAfter(client, place)).toMatchObject({ facts: [{}], next, caughtUp: true });
  }
});

test('the event stream tells when there are new facts', async () => {
  const { client } = await freshUser();
  const abort = new AbortController();
  onTestFinished(() => abort.abort());
  const response = await client.fetch(paths.events, { signal: abort.signal });
  const heads: number[] = [];
  const parser = createParser({
    onEvent: ({ event, data }) => {
      if (event === 'media') heads.push(JSON.parse(data).head);
    },
  });
  const reading = (async () => {
    const decoder = new TextDecoder();
    for await (const bytes of response.body ?? []) parser.feed(decoder.decode(bytes, { stream: true }));
  })();
  reading.catch(() => undefined);
  await until('the first head', () => heads.length > 0);
  await client.put('a', text('a'));
  await until('the new head', () => heads.at(-1) === 1, 150_000);
  expect(heads).toEqual([0, 1]);
});

test('a thumbnail that is gone is made again', async () => {
  const { client, server, user } = await freshUser();
  const node = await store(client, 'a.jpg', await photo(1));
  await factsOf(client, node);
  const before = (await mediaAfter(client)).next;
  const folder = join(server.data, 'users', user.id, 'thumbnails');
  expect((await stat(folder)).mode & 0o777).toBe(0o700);
  const names = await readdir(folder);
  expect(names.map((name) => name.replace(/^[0-9a-f-]{36}/, ''))).toEqual(['-256.webp', '-512.webp']);
  await rm(folder, { recursive: true });
  expect(((await (await thumbnail(client, node)).json()) as Problem).title).toBe(
    'The thumbnail is being made. Ask again in a moment.',
  );
  const facts = await factsOf(client, node);
  expect(facts.thumbnail).toBe(true);
  expect((await see(client, node)).corners[0]).toBe('f00');
  expect(await mediaAfter(client, before)).toMatchObject({ facts: [{ contentId: node.contentId }] });
});

test('facts and thumbnails go with the content that they belong to, and stay while a file shows it', async () => {
  const clock = new TestClock();
  const { client, server, user } = await freshUser({}, clock);
  const bytes = await photo(1);
  const node = await store(client, 'a.jpg', bytes);
  const copy = await store(client, 'b.jpg', bytes);
  await factsOf(client, node);
  const folder = join(server.data, 'users', user.id, 'thumbnails');
  await client.trash(node);
  await clock.pass(31 * DAY);
  expect((await thumbnail(client, copy)).status).toBe(200);
  await client.trash(copy);
  await clock.pass(31 * DAY);
  expect(await readdir(folder)).toEqual([]);
  expect((await mediaAfter(client)).facts).toEqual([]);
});

test('thumbnails that no object names go after a week, and those of living files stay', async () => {
  const clock = new TestClock();
  const { client, server, user } = await freshUser({}, clock);
  await factsOf(client, await store(client, 'a.jpg', await photo(1, 100, 50)));
  const folder = join(server.data, 'users', user.id, 'thumbnails');
  const [alive = ''] = await readdir(folder);
  const [stray, cut] = [`${newNodeId()}-256.webp`, `${alive}.new`];
  for (const name of [stray, cut]) await writeFile(join(folder, name), 'left');
  const old = new Date(Date.now() - 8 * DAY);
  for (const name of [alive, stray, cut]) await utimes(join(folder, name), old, old);
  for (let hour = 0; hour < 24; hour += 1) await clock.pass(3_600_000);
  expect(await readdir(folder)).toEqual([alive]);
});

test('what was stored before the server could look into files is looked into later', async () => {
  const first = await freshUser();
  const node = await store(first.client, 'a.jpg', await photo(1));
  // Ends before the quiet time that a look waits for.
  await first.server.close();
  const second = await freshServer({ data: first.server.data });
  const client = new Client(second.url, first.user.token);
  expect(await until('the facts', async () => (await mediaAfter(client)).facts[0], 150_000)).toMatchObject({
    contentId: node.contentId,
    thumbnail: true,
  });
});
