import { hash } from 'node:crypto';
import { access, mkdir, readdir, rename, truncate, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { paths } from '../../shared/api/paths.ts';
import { GiB, KiB, MiB } from '../../shared/bytes.ts';
import { ChunkHash } from '../../shared/ids.ts';
import { byHand } from './database.ts';
import {
  Client,
  type Content,
  contentOf,
  draft,
  freshServer,
  freshUser,
  newNodeId,
  newUploadId,
  randomBytes,
  refusal,
  storedElsewhere,
  temporaryFolder,
} from './harness.ts';

const large = (seed: string, size = 40 * MiB + 17): Content => contentOf(randomBytes(size, seed));

test('a file comes back as it was sent', async () => {
  const { client } = await freshUser();
  const content = large('a');
  const node = await client.upload('a.bin', content);
  expect(node).toMatchObject({ contentId: content.contentId, size: content.bytes.length, state: 'live' });
  expect((await client.download(node)).equals(content.bytes)).toBe(true);
});

test('an empty file is an upload without parts', async () => {
  const { client } = await freshUser();
  const node = await client.upload('empty', contentOf(Buffer.alloc(0)));
  expect(node.size).toBe(0);
  expect(await client.download(node)).toHaveLength(0);
});

test.skipIf(storedElsewhere)(
  'the object lies whole in the folder of its type, in the directory of its owner',
  async () => {
    const { client, server, user } = await freshUser();
    await client.upload('Holiday.MP4', large('video', 6 * MiB));
    const [object] = await readdir(join(server.data, 'users', user.id, 'videos'));
    expect(object).toMatch(/^[0-9a-f-]{36}\.mp4$/);
    expect(await readdir(join(server.data, 'staging'))).toEqual([]);
  },
);

test('opening the same upload again answers with the session as it stands', async () => {
  const { client } = await freshUser();
  const content = large('b');
  const uploadId = newUploadId();
  const file = draft(content, 'b.bin');
  await client.open(uploadId, file);
  const parts = await client.manifest(uploadId, content.chunks);
  const [first, second] = parts;
  if (!first || !second) throw new Error('the plan has two parts');
  await client.part(uploadId, first, content.bytes);
  const status = await client.open(uploadId, file);
  expect(status.state).toBe('open');
  expect(status.parts.map((part) => part.received)).toEqual([true, false, false]);
  expect((await client.usage()).reservedBytes).toBe(content.bytes.length);
});

test('a lost answer to a manifest request is made good by sending it again', async () => {
  const { client } = await freshUser();
  const content = large('c');
  const uploadId = newUploadId();
  await client.open(uploadId, draft(content, 'c.bin'));
  const first = await client.manifest(uploadId, content.chunks);
  const again = await client.manifest(uploadId, content.chunks);
  expect(again).toEqual(first);
});

test('a manifest that contradicts itself is refused', async () => {
  const { client } = await freshUser();
  const content = large('d');
  const uploadId = newUploadId();
  await client.open(uploadId, draft(content, 'd.bin'));
  const piece = (from: number, chunks: unknown, last = false) =>
    client.json('POST', paths.uploadManifest(uploadId), { from, chunks, last });
  await piece(0, content.chunks.slice(0, 2));
  expect((await refusal(piece(0, content.chunks.slice(1, 2)))).code).toBe('upload-mismatch');
  expect((await refusal(piece(5, content.chunks.slice(5, 6)))).code).toBe('upload-mismatch');
  expect((await refusal(piece(2, content.chunks.slice(2, 4), true))).code).toBe('upload-mismatch');
});

test('bytes that are not those of the chunk list are refused, and the part does not count', async () => {
  const { client } = await freshUser();
  const content = large('e');
  const uploadId = newUploadId();
  await client.open(uploadId, draft(content, 'e.bin'));
  const [part] = await client.manifest(uploadId, content.chunks);
  if (!part) throw new Error('the plan has a part');
  const wrong = Buffer.from(content.bytes);
  wrong[part.length - 1] = (wrong[part.length - 1] ?? 0) ^ 1;
  expect((await refusal(client.part(uploadId, part, wrong))).code).toBe('hash-mismatch');
  expect((await client.status(uploadId)).parts[0]?.received).toBe(false);
  await client.part(uploadId, part, content.bytes);
  expect((await client.status(uploadId)).parts[0]?.received).toBe(true);
});

test.each([
  ['short', -1],
  ['long', 1],
])('a body that is too %s does not count', async (_what, more) => {
  const { client } = await freshUser();
  const content = large('f');
  const uploadId = newUploadId();
  await client.open(uploadId, draft(content, 'f.bin'));
  const [part] = await client.manifest(uploadId, content.chunks);
  if (!part) throw new Error('the plan has a part');
  const [offset, length] = part.send[0] ?? [0, 0];
  const odd = { ...part, send: [[offset, length + more] as [number, number]] };
  expect((await refusal(client.part(uploadId, odd, content.bytes))).code).toBe('upload-mismatch');
  expect((await client.status(uploadId)).parts[0]?.received).toBe(false);
});

test('a body whose connection is lost does not count, and can be sent again', async () => {
  const { client } = await freshUser();
  const content = large('g');
  const uploadId = newUploadId();
  await client.open(uploadId, draft(content, 'g.bin'));
  const [part] = await client.manifest(uploadId, content.chunks);
  if (!part) throw new Error('the plan has a part');
  const abort = new AbortController();
  const body = new ReadableStream({
    pull(controller) {
      controller.enqueue(content.bytes.subarray(0, 100 * KiB));
      abort.abort();
    },
  });
  const broken = client.fetch(paths.uploadPart(uploadId, part.part), {
    method: 'PUT',
    headers: { 'content-type': 'application/octet-stream' },
    body,
    signal: abort.signal,
    duplex: 'half',
  } as RequestInit);
  await expect(broken).rejects.toThrow();
  expect((await client.status(uploadId)).parts[0]?.received).toBe(false);
  await client.part(uploadId, part, content.bytes);
  expect((await client.status(uploadId)).parts[0]?.received).toBe(true);
});

test('completing with parts missing is refused, and possible once they are there', async () => {
  const { client } = await freshUser();
  const content = large('h');
  const uploadId = newUploadId();
  await client.open(uploadId, draft(content, 'h.bin'));
  const parts = await client.manifest(uploadId, content.chunks);
  expect((await refusal(client.complete(uploadId, content.contentId))).code).toBe('upload-mismatch');
  for (const part of parts) await client.part(uploadId, part, content.bytes);
  expect((await client.complete(uploadId, content.contentId)).contentId).toBe(content.contentId);
});

test('completing under an id that is not that of the content is refused', async () => {
  const { client } = await freshUser();
  const content = large('i');
  const uploadId = newUploadId();
  await client.open(uploadId, draft(content, 'i.bin'));
  for (const part of await client.manifest(uploadId, content.chunks)) await client.part(uploadId, part, content.bytes);
  expect((await refusal(client.complete(uploadId, large('other').contentId))).code).toBe('hash-mismatch');
});

test('a lost answer to complete is made good by asking again', async () => {
  const { client } = await freshUser();
  const content = large('j');
  const uploadId = newUploadId();
  const file = draft(content, 'j.bin');
  await client.open(uploadId, file);
  for (const part of await client.manifest(uploadId, content.chunks)) await client.part(uploadId, part, content.bytes);
  const first = await client.complete(uploadId, content.contentId);
  expect(await client.complete(uploadId, content.contentId)).toEqual(first);
  expect(await client.open(uploadId, file)).toMatchObject({ state: 'completed', node: first });
  expect((await client.changes()).nodes).toHaveLength(1);
});

test('two completes at once make one file', async () => {
  const { client } = await freshUser();
  const content = large('k');
  const uploadId = newUploadId();
  await client.open(uploadId, draft(content, 'k.bin'));
  for (const part of await client.manifest(uploadId, content.chunks)) await client.part(uploadId, part, content.bytes);
  const [one, two] = await Promise.all([
    client.complete(uploadId, content.contentId),
    client.complete(uploadId, content.contentId),
  ]);
  expect(two).toEqual(one);
  expect((await client.changes()).nodes).toEqual([one]);
});

test.skipIf(storedElsewhere)('an identical copy sends nothing and shares the object', async () => {
  const { client, server, user } = await freshUser();
  const content = large('l');
  await client.upload('l.bin', content);
  const before = client.sent;
  const copy = await client.upload('copy of l.bin', content);
  expect(client.sent).toBe(before);
  expect((await client.download(copy)).equals(content.bytes)).toBe(true);
  expect(await readdir(join(server.data, 'users', user.id, 'other'))).toHaveLength(1);
  expect((await client.usage()).usedBytes).toBe(2 * content.bytes.length);
});

test('after an insert in the middle only the new chunks are sent', async () => {
  const { client } = await freshUser();
  const before = large('m', 40 * MiB);
  const node = await client.upload('m.bin', before);
  const sent = client.sent;
  const after = contentOf(
    Buffer.concat([before.bytes.subarray(0, 20 * MiB), Buffer.from('inserted'), before.bytes.subarray(20 * MiB)]),
  );
  const known = new Set<ChunkHash>(before.chunks.map(([hash]) => hash));
  const fresh = after.chunks.reduce((sum, [hash, length]) => sum + (known.has(hash) ? 0 : length), 0);
  const changed = await client.upload('m.bin', after, { nodeId: node.id, baseContentRev: node.contentRev });
  expect(client.sent - sent).toBe(fresh);
  expect(fresh).toBeLessThan(3 * MiB);
  expect((await client.download(changed)).equals(after.bytes)).toBe(true);
  expect((await client.download(changed, before.contentId)).equals(before.bytes)).toBe(true);
});

test('a file made only of known chunks sends nothing', async () => {
  const { client } = await freshUser();
  const whole = large('n', 20 * MiB);
  await client.upload('n.bin', whole);
  const sent = client.sent;
  const cut = whole.chunks.slice(0, 30).reduce((sum, [, length]) => sum + length, 0);
  const head = contentOf(whole.bytes.subarray(0, cut));
  const node = await client.upload('head of n.bin', head);
  expect(client.sent).toBe(sent);
  expect((await client.download(node)).equals(head.bytes)).toBe(true);
});

test('chunks of another user are not reused', async () => {
  const { client, server } = await freshUser();
  const content = large('o');
  await client.upload('o.bin', content);
  const other = new Client(server.url, (await server.addUser('lee')).token);
  await other.upload('o.bin', content);
  expect(other.sent).toBe(content.bytes.length);
});

test('after a restart what was received counts, and only the rest is sent', async () => {
  const data = await temporaryFolder();
  const first = await freshServer({ data });
  const user = await first.addUser('kim');
  const content = large('p', 17 * MiB);
  const uploadId = newUploadId();
  const before = new Client(first.url, user.token);
  await before.open(uploadId, draft(content, 'p.bin'));
  const [part] = await before.manifest(uploadId, content.chunks);
  if (!part) throw new Error('the plan has a part');
  await before.part(uploadId, part, content.bytes);
  await first.close();

  const second = await freshServer({ data });
  const after = new Client(second.url, user.token);
  const { parts } = await after.status(uploadId);
  expect(parts.map(({ received }) => received)).toEqual(parts.map(({ part: number }) => number === 0));
  for (const missing of parts.filter(({ received }) => !received)) await after.part(uploadId, missing, content.bytes);
  const node = await after.complete(uploadId, content.contentId);
  expect(before.sent + after.sent).toBe(content.bytes.length);
  expect((await after.download(node)).equals(content.bytes)).toBe(true);
});

test.skipIf(storedElsewhere)(
  'a gigabyte that was received before a restart is hashed while others are served',
  async () => {
    const data = await temporaryFolder();
    const first = await freshServer({ data });
    const user = await first.addUser('kim');
    const zeros = ChunkHash.parse(hash('sha256', Buffer.alloc(MiB), 'hex'));
    const chunks = Array.from({ length: 1024 }, (): [ChunkHash, number] => [zeros, MiB]);
    const uploadId = newUploadId();
    const before = new Client(first.url, user.token);
    await before.open(uploadId, draft(contentOf(Buffer.alloc(0)), 'gigabyte', { size: GiB }));
    await before.manifest(uploadId, chunks);
    await first.close();
    await writeFile(join(data, 'staging', uploadId), Buffer.alloc(MiB));
    await truncate(join(data, 'staging', uploadId), GiB);

    const after = new Client((await freshServer({ data })).url, user.token);
    const used = process.threadCpuUsage();
    const finished: string[] = [];
    const status = after.status(uploadId).finally(() => finished.push('hashed'));
    await after.json('GET', paths.health).finally(() => finished.push('served'));
    expect((await status).parts.every(({ received }) => received)).toBe(true);
    expect(finished).toEqual(['served', 'hashed']);
    // Hashing takes half a second of a processor; what this thread did besides is a fraction of that.
    const { user: own, system } = process.threadCpuUsage(used);
    expect((own + system) / 1_000).toBeLessThan(250);
  },
);

test('an aborted upload is gone, and what it reserved is free again', async () => {
  const { client, server } = await freshUser();
  const content = large('q');
  const uploadId = newUploadId();
  const file = draft(content, 'q.bin');
  await client.open(uploadId, file);
  const [part] = await client.manifest(uploadId, content.chunks);
  if (!part) throw new Error('the plan has a part');
  await client.part(uploadId, part, content.bytes);
  await client.json('DELETE', paths.upload(uploadId));
  await client.json('DELETE', paths.upload(uploadId));
  expect((await client.usage()).reservedBytes).toBe(0);
  expect((await refusal(client.status(uploadId))).code).toBe('upload-gone');
  expect((await refusal(client.open(uploadId, file))).code).toBe('upload-gone');
  expect(await readdir(join(server.data, 'staging'))).toEqual([]);
});

test('a file above the limit is refused with the limit', async () => {
  const { client } = await freshUser({ maxFileBytes: MiB });
  const problem = await refusal(client.open(newUploadId(), draft(large('r'), 'r.bin')));
  expect(problem).toMatchObject({ code: 'too-large', status: 413, limitBytes: MiB });
});

test('an upload onto a changed base is refused before a byte is sent', async () => {
  const { client } = await freshUser();
  const node = await client.upload('s.bin', large('s'));
  const stale = draft(large('t', 13 * MiB), 's.bin', { nodeId: node.id, baseContentRev: node.contentRev - 1 });
  expect((await refusal(client.open(newUploadId(), stale))).code).toBe('base-changed');
});

test('the same content onto a changed base succeeds, and changes nothing', async () => {
  const { client } = await freshUser();
  const content = large('u');
  const node = await client.upload('u.bin', content);
  const again = await client.upload('u.bin', content, { nodeId: node.id, baseContentRev: 0 });
  expect(again).toEqual(node);
});

test('a base that changes while the bytes travel is met at complete, and nothing is lost', async () => {
  const { client } = await freshUser();
  const node = await client.upload('v.bin', large('v'));
  const content = large('w');
  const uploadId = newUploadId();
  await client.open(uploadId, draft(content, 'v.bin', { nodeId: node.id, baseContentRev: node.contentRev }));
  for (const part of await client.manifest(uploadId, content.chunks)) await client.part(uploadId, part, content.bytes);
  await client.upload('v.bin', large('x'), { nodeId: node.id, baseContentRev: node.contentRev });
  expect((await refusal(client.complete(uploadId, content.contentId))).code).toBe('base-changed');
  expect((await client.status(uploadId)).state).toBe('open');
});

test('parallel opens never reserve more than there is', async () => {
  const { client, server } = await freshUser();
  const token = (await server.addUser('lee', 'starter')).token;
  const lee = new Client(server.url, token);
  const opens = Array.from({ length: 40 }, (_, i) =>
    lee.json('POST', paths.uploads, {
      uploadId: newUploadId(),
      nodeId: newNodeId(),
      parentId: null,
      name: `${i}.bin`,
      baseContentRev: null,
      size: 2 ** 30,
      mtimeMs: 1,
      executable: false,
    }),
  );
  const outcomes = await Promise.allSettled(opens);
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(5);
  expect(await lee.usage()).toMatchObject({ reservedBytes: 5 * 2 ** 30, usedBytes: 0 });
  expect((await client.usage()).reservedBytes).toBe(0);
});

test('a refusal for space says how much there is and how much is needed', async () => {
  const { server } = await freshUser();
  const lee = new Client(server.url, (await server.addUser('lee', 'starter')).token);
  await lee.put('small', contentOf(Buffer.from('small')));
  const file = draft(contentOf(Buffer.alloc(0)), 'big.bin', { size: 2 ** 30 });
  for (let i = 0; i < 4; i += 1) await lee.open(newUploadId(), { ...file, nodeId: newNodeId() });
  const problem = await refusal(lee.open(newUploadId(), { ...file, nodeId: newNodeId() }));
  expect(problem.quota).toEqual({
    usedBytes: 5,
    reservedBytes: 4 * 2 ** 30,
    limitBytes: 5 * 2 ** 30,
    neededBytes: 2 ** 30,
  });
});

test('a stale session is cleaned: an upload that has expired is gone, and what it reserved is free again', async () => {
  const data = await temporaryFolder();
  const first = await freshServer({ data });
  const { token } = await first.addUser('kim');
  const before = new Client(first.url, token);
  const content = large('y');
  const uploadId = newUploadId();
  await before.open(uploadId, draft(content, 'y.bin'));
  const [part] = await before.manifest(uploadId, content.chunks);
  if (!part) throw new Error('the plan has a part');
  await before.part(uploadId, part, content.bytes);
  await first.close();
  const db = byHand(data);
  db.prepare('update uploads set expires_at = ?').run(Date.now() - 1);
  db.close();

  const second = await freshServer({ data });
  const after = new Client(second.url, token);
  expect((await refusal(after.status(uploadId))).code).toBe('upload-gone');
  expect((await after.usage()).reservedBytes).toBe(0);
  expect(await readdir(join(data, 'staging'))).toEqual([]);
});

test.skipIf(storedElsewhere)(
  'an object that was put in its place but never recorded is found again after a crash',
  async () => {
    const data = await temporaryFolder();
    const first = await freshServer({ data });
    const { token } = await first.addUser('kim');
    const before = new Client(first.url, token);
    const content = large('z');
    const uploadId = newUploadId();
    await before.open(uploadId, draft(content, 'z.bin'));
    for (const part of await before.manifest(uploadId, content.chunks))
      await before.part(uploadId, part, content.bytes);
    await first.close();
    const db = byHand(data);
    const key = String(db.prepare('select object_key from uploads').pluck().get());
    db.close();
    await mkdir(join(data, dirname(key)), { recursive: true });
    await rename(join(data, 'staging', uploadId), join(data, key));

    const second = await freshServer({ data });
    const after = new Client(second.url, token);
    const node = await after.complete(uploadId, content.contentId);
    expect((await after.download(node)).equals(content.bytes)).toBe(true);
  },
);

test.skipIf(storedElsewhere)(
  'a part that is sent again takes over from the request that carried it before',
  async () => {
    const { client, server } = await freshUser();
    const content = large('0');
    const uploadId = newUploadId();
    await client.open(uploadId, draft(content, '0.bin'));
    const [part] = await client.manifest(uploadId, content.chunks);
    if (!part) throw new Error('the plan has a part');
    const stuck = client.fetch(paths.uploadPart(uploadId, part.part), {
      method: 'PUT',
      headers: { 'content-type': 'application/octet-stream' },
      body: new ReadableStream({ start: (controller) => controller.enqueue(content.bytes.subarray(0, 1000)) }),
      duplex: 'half',
    } as RequestInit);
    await vi.waitFor(() => access(join(server.data, 'staging', uploadId)));
    await client.part(uploadId, part, content.bytes);
    expect((await client.status(uploadId)).parts[0]?.received).toBe(true);
    expect((await stuck).status).toBe(503);
  },
);
