import { expect, test } from 'vitest';
import { CURSOR_HEADER, type SharedHistory } from '../../shared/api/changes.ts';
import { CHECKPOINTS_MAX } from '../../shared/api/limits.ts';
import { PACK_MEDIA_TYPE } from '../../shared/api/packs.ts';
import { paths } from '../../shared/api/paths.ts';
import { copyDatabase } from './database.ts';
import {
  Client,
  contentOf,
  draft,
  freshServer,
  newUploadId,
  randomBytes,
  refusal,
  temporaryFolder,
  text,
} from './harness.ts';

const sharedWith = async (client: Client, ...checkpoints: string[]): Promise<number> =>
  (await client.json<SharedHistory>('POST', paths.checkpoints, { checkpoints })).baseSeq;

/** A user whose server can be put back to what it was. */
async function userOf(data: string) {
  const server = await freshServer({ data });
  const { token } = await server.addUser('kim');
  return { server, token, client: new Client(server.url, token) };
}

async function copyOf(data: string): Promise<string> {
  const copy = await temporaryFolder();
  await copyDatabase(data, copy);
  return copy;
}

const serve = async (data: string, token: string) => {
  const server = await freshServer({ data });
  return { server, client: new Client(server.url, token) };
};

const cursorOf = async (client: Client): Promise<string> => (await client.changes()).cursor;

test('a history that goes on is shared up to the cursor', async () => {
  const { client } = await userOf(await temporaryFolder());
  await client.put('a', text('a'));
  const cursor = await cursorOf(client);
  await client.put('b', text('b'));
  expect(await sharedWith(client, cursor)).toBe(1);
});

test('a copy put back shares exactly what it holds, though only later cursors of that run are known', async () => {
  const data = await temporaryFolder();
  const { client, token } = await userOf(data);
  for (const name of ['a', 'b', 'c']) await client.put(name, text(name));
  const copy = await copyOf(data);
  for (const name of ['d', 'e']) await client.put(name, text(name));
  const undone = await cursorOf(client);
  const after = await serve(copy, token);
  expect(await sharedWith(after.client, undone)).toBe(3);
});

test('what was written since the copy was put back is not shared, though its numbers are used again', async () => {
  const data = await temporaryFolder();
  const { client, token } = await userOf(data);
  await client.put('a', text('a'));
  const copy = await copyOf(data);
  await client.put('b', text('b'));
  const undone = await cursorOf(client);
  const after = await serve(copy, token);
  for (const name of ['x', 'y', 'z']) await after.client.put(name, text(name));
  expect(await sharedWith(after.client, undone)).toBe(1);
});

test('of several runs the newest that both have counts', async () => {
  const data = await temporaryFolder();
  const { client, server, token } = await userOf(data);
  await client.put('a', text('a'));
  const first = await cursorOf(client);
  await server.close();
  const second = await serve(data, token);
  await second.client.put('b', text('b'));
  await second.client.put('c', text('c'));
  const copy = await copyOf(data);
  await second.client.put('d', text('d'));
  const undone = await cursorOf(second.client);
  await second.server.close();
  const after = await serve(copy, token);
  expect(await sharedWith(after.client, first, undone)).toBe(3);
  expect(await sharedWith(after.client, first)).toBe(1);
});

test('the run that serves now proves no more than the cursors it gave', async () => {
  const { client } = await userOf(await temporaryFolder());
  for (const name of ['a', 'b', 'c']) await client.put(name, text(name));
  const [seq, nonce = ''] = (await cursorOf(client)).split('.');
  const other = `${nonce.slice(0, 8)}${'0'.repeat(8)}`;
  expect(await sharedWith(client, `${seq}.${other}`)).toBe(0);
});

test('a new server shares nothing', async () => {
  const { client } = await userOf(await temporaryFolder());
  await client.put('a', text('a'));
  const other = await userOf(await temporaryFolder());
  await other.client.put('a', text('a'));
  expect(await sharedWith(other.client, '0', await cursorOf(client))).toBe(0);
  expect(await sharedWith(other.client)).toBe(0);
});

test('the history of another user proves nothing', async () => {
  const { client, server } = await userOf(await temporaryFolder());
  await client.put('a', text('a'));
  const cursor = await cursorOf(client);
  const lee = new Client(server.url, (await server.addUser('lee')).token);
  await lee.put('b', text('b'));
  expect(await sharedWith(lee, cursor)).toBe(0);
});

test('more checkpoints than a device keeps are refused', async () => {
  const { client } = await userOf(await temporaryFolder());
  const many = Array.from({ length: CHECKPOINTS_MAX + 1 }, (_, i) => `${i + 1}.abcdef`);
  expect((await refusal(sharedWith(client, ...many))).code).toBe('malformed');
});

test('whoever follows a history that was taken back changes nothing, whatever the numbers say', async () => {
  const { client } = await userOf(await temporaryFolder());
  const node = await client.put('a', text('a'));
  const cursor = await cursorOf(client);
  const content = contentOf(randomBytes(300_000, 'large'));
  const upload = newUploadId();
  await client.open(upload, draft(content, 'large'));
  const attempts = (header: string) => {
    const send = (path: string, body: unknown, type = 'application/json') =>
      client.fetch(path, {
        method: 'POST',
        body: typeof body === 'string' ? body : JSON.stringify(body),
        headers: { 'content-type': type, [CURSOR_HEADER]: header },
      });
    const trash = { type: 'trash', id: node.id, contentRev: 1, placeRev: 1, seenSeq: 9 };
    return [
      send(paths.uploads, { uploadId: newUploadId(), ...draft(content, 'other') }),
      send(paths.uploadComplete(upload), { contentId: content.contentId }),
      send(paths.packUpload, '', PACK_MEDIA_TYPE),
      send(paths.operations, { operations: [trash] }),
    ];
  };
  const statuses = async (header: string) => (await Promise.all(attempts(header))).map(({ status }) => status);
  expect(await statuses('1.0000000000000000')).toEqual([410, 410, 410, 410]);
  expect(await statuses('nonsense')).toEqual([400, 400, 400, 400]);
  expect((await client.node(node.id)).state).toBe('live');
  expect(await statuses(cursor)).toEqual([200, 409, 200, 200]);
});
