import { createParser } from 'eventsource-parser';
import { expect, onTestFinished, test } from 'vitest';
import { paths } from '../../shared/api/paths.ts';
import { byHand, copyDatabase } from './database.ts';
import { Client, freshServer, freshUser, newNodeId, refusal, temporaryFolder, text } from './harness.ts';

/** Heads as the event stream tells them; `next` waits for one that satisfies. */
async function listen(client: Client) {
  const abort = new AbortController();
  onTestFinished(() => abort.abort());
  const response = await client.fetch(paths.events, { signal: abort.signal });
  expect(response.headers.get('content-type')).toBe('text/event-stream');
  const heads: number[] = [];
  let wake: () => void = () => undefined;
  const parser = createParser({
    onEvent: (event) => {
      if (event.event === 'media') return;
      expect(event.event).toBe('changes');
      heads.push(JSON.parse(event.data).head);
      wake();
    },
  });
  const ended = (async () => {
    const decoder = new TextDecoder();
    try {
      for await (const bytes of response.body ?? []) parser.feed(decoder.decode(bytes, { stream: true }));
    } catch (error) {
      if (!abort.signal.aborted) throw error;
    }
  })();
  return {
    heads,
    ended,
    reach: async (head: number): Promise<void> => {
      while ((heads.at(-1) ?? -1) < head) await new Promise<void>((resolve) => (wake = resolve));
    },
  };
}

test('changes come by seq, page by page', async () => {
  const { client } = await freshUser();
  for (const name of ['a', 'b', 'c']) await client.put(name, text(name));
  const first = await client.changes('0', 2);
  expect(first.nodes.map(({ name, seq }) => [name, seq])).toEqual([
    ['a', 1],
    ['b', 2],
  ]);
  expect(first.caughtUp).toBe(false);
  const second = await client.changes(first.cursor, 2);
  expect(second.nodes.map(({ name }) => name)).toEqual(['c']);
  expect(second.caughtUp).toBe(true);
  expect(await client.changes(second.cursor)).toEqual({ nodes: [], cursor: second.cursor, caughtUp: true });
});

test('a node that changes again comes again, later', async () => {
  const { client } = await freshUser();
  const node = await client.put('a', text('a'));
  const { cursor } = await client.changes();
  await client.put('b', text('b'));
  await client.moveTo(node, null, 'c');
  expect((await client.changes(cursor)).nodes.map(({ name }) => name)).toEqual(['b', 'c']);
  expect((await client.changes()).nodes.map(({ name }) => name)).toEqual(['b', 'c']);
});

test('seqs have no gaps under many writers at once', async () => {
  const { client, server } = await freshUser();
  await Promise.all(
    Array.from({ length: 50 }, async (_, i) => {
      await client.createFolder(`folder ${i}`);
      await client.put(`file ${i}`, text(`${i}`));
      await refusal(client.createFolder(`folder ${i}`));
    }),
  );
  const { nodes } = await client.changes();
  expect(nodes.map(({ seq }) => seq)).toEqual(Array.from({ length: 100 }, (_, i) => i + 1));
  const db = byHand(server.data);
  expect(db.prepare('select count(*), max(seq) from changes').raw().get()).toEqual([100, 100]);
  db.close();
});

test('a cursor of a history that a restore has undone is unknown, even where its seq exists again', async () => {
  const data = await temporaryFolder();
  const backup = await temporaryFolder();
  const first = await freshServer({ data });
  const { token } = await first.addUser('kim');
  const before = new Client(first.url, token);
  await before.put('a', text('a'));
  const { cursor: old } = await before.changes();
  await copyDatabase(data, backup);
  await before.put('b', text('b'));
  const { cursor: undone } = await before.changes();

  const second = await freshServer({ data: backup });
  const after = new Client(second.url, token);
  await after.put('c', text('c'));
  expect((await after.changes()).cursor.split('.')[0]).toBe(undone.split('.')[0]);
  expect(await refusal(after.changes(undone))).toMatchObject({ code: 'cursor-unknown', status: 410 });
  expect((await after.changes(old)).nodes.map(({ name }) => name)).toEqual(['c']);
});

test('a cursor from the future is unknown', async () => {
  const { client } = await freshUser();
  expect((await refusal(client.changes('7.abcdef'))).code).toBe('cursor-unknown');
});

test('the event stream tells the head at once, and after each change', async () => {
  const { client } = await freshUser();
  const stream = await listen(client);
  await stream.reach(0);
  await client.put('a', text('a'));
  await stream.reach(1);
  await client.createFolder('b');
  await stream.reach(2);
  expect(stream.heads).toEqual([0, 1, 2]);
});

test('many changes at once wake a listener few times, the last time with the last head', async () => {
  const { client } = await freshUser();
  const stream = await listen(client);
  await Promise.all(Array.from({ length: 60 }, (_, i) => client.createFolder(`${i}`)));
  await stream.reach(60);
  expect(stream.heads.length).toBeLessThan(60);
});

test('changes of one user do not wake another', async () => {
  const { client, server } = await freshUser();
  const lee = new Client(server.url, (await server.addUser('lee')).token);
  const stream = await listen(lee);
  await client.put('a', text('a'));
  await lee.createFolder('mine');
  await stream.reach(1);
  expect(stream.heads).toEqual([0, 1]);
});

test('event streams end when the server stops', async () => {
  const { client, server } = await freshUser();
  const stream = await listen(client);
  await stream.reach(0);
  await server.close();
  await stream.ended;
});

test('trashed nodes stay in the feed for those who start late', async () => {
  const { client } = await freshUser();
  const node = await client.put('a', text('a'));
  await client.trash(node);
  expect((await client.changes()).nodes).toMatchObject([{ id: node.id, state: 'trashed' }]);
  expect((await refusal(client.node(newNodeId()))).code).toBe('not-found');
});
