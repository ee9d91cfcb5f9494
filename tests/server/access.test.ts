import { request } from 'node:http';
import { expect, test } from 'vitest';
import type { EnrolledDevice, Me, Session } from '../../shared/api/devices.ts';
import { paths } from '../../shared/api/paths.ts';
import { byHand } from './database.ts';
import { Client, contentOf, draft, freshUser, newUploadId, randomBytes, refusal, text } from './harness.ts';

const post = (url: string, path: string, body: unknown) =>
  fetch(url + path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });

test('a device enrols once, and opens sessions with its secret', async () => {
  const { client, server, user } = await freshUser();
  const device = await client.json<EnrolledDevice>('POST', paths.devices, { name: 'laptop', platform: 'linux' });
  expect(device.userId).toBe(user.id);
  const answer = await post(server.url, paths.sessions, { deviceId: device.deviceId, secret: device.secret });
  const session = (await answer.json()) as Session;
  expect(session.expiresAt - Date.now()).toBeGreaterThan(14 * 60_000);
  const me = await new Client(server.url, session.accessToken).json<Me>('GET', paths.me);
  expect(me).toMatchObject({ userId: user.id, name: 'kim', role: 'user', plan: 'free', serverId: device.serverId });
});

test('a wrong secret opens no session', async () => {
  const { client, server } = await freshUser();
  const { deviceId } = await client.json<EnrolledDevice>('POST', paths.devices, { name: 'a', platform: 'b' });
  expect((await post(server.url, paths.sessions, { deviceId, secret: 'dls_wrong' })).status).toBe(401);
});

test('a session cannot enrol further devices, nor can a device secret be a bearer', async () => {
  const { client, server } = await freshUser();
  const device = await client.json<EnrolledDevice>('POST', paths.devices, { name: 'a', platform: 'b' });
  const opened = await post(server.url, paths.sessions, { deviceId: device.deviceId, secret: device.secret });
  const { accessToken } = (await opened.json()) as Session;
  const session = new Client(server.url, accessToken);
  const again = refusal(session.json('POST', paths.devices, { name: 'c', platform: 'd' }));
  expect((await again).code).toBe('forbidden');
  expect((await refusal(new Client(server.url, device.secret).usage())).code).toBe('unauthenticated');
});

test('without a good token nothing is told', async () => {
  const { server } = await freshUser();
  for (const path of [paths.me, paths.nodes, paths.changes, paths.events, paths.usage]) {
    const answer = await fetch(server.url + path);
    expect(answer.status).toBe(401);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(await answer.json()).toMatchObject({ code: 'unauthenticated', status: 401 });
  }
  expect((await refusal(new Client(server.url, 'dla_guess').usage())).code).toBe('unauthenticated');
});

test('no secret is stored as it is', async () => {
  const { client, server, user } = await freshUser();
  const device = await client.json<EnrolledDevice>('POST', paths.devices, { name: 'a', platform: 'b' });
  const db = byHand(server.data);
  const tables = ['enrolment_tokens', 'devices', 'sessions'];
  const all = JSON.stringify(tables.map((table) => db.prepare(`select * from ${table}`).all()));
  db.close();
  expect(all).not.toContain(user.token.slice(4));
  expect(all).not.toContain(device.secret.slice(4));
});

test('whatever belongs to somebody else does not exist, on every route that takes an id', async () => {
  const { client, server } = await freshUser();
  const content = contentOf(randomBytes(300_000, 'a'));
  const node = await client.put('a', text('a'));
  const uploadId = newUploadId();
  const file = draft(content, 'b');
  await client.open(uploadId, file);
  const lee = new Client(server.url, (await server.addUser('lee')).token);

  const attempts: [method: string, path: string, body?: unknown][] = [
    ['GET', paths.node(node.id)],
    ['GET', paths.content(node.id)],
    ['GET', `${paths.content(node.id)}?content=${node.contentId}`],
    ['GET', paths.chunks(node.id)],
    ['GET', paths.versions(node.id)],
    ['GET', paths.upload(uploadId)],
    ['DELETE', paths.upload(uploadId)],
    ['POST', paths.uploads, { uploadId, ...file }],
    ['POST', paths.uploadManifest(uploadId), { from: 0, chunks: content.chunks, last: true }],
    ['POST', paths.uploadComplete(uploadId), { contentId: content.contentId }],
  ];
  for (const [method, path, body] of attempts) {
    expect(await refusal(lee.json(method, path, body)), `${method} ${path}`).toMatchObject({ code: 'not-found' });
  }
  const part = await lee.fetch(paths.uploadPart(uploadId, 0), {
    method: 'PUT',
    headers: { 'content-type': 'application/octet-stream' },
    body: content.bytes,
  });
  expect(part.status).toBe(404);

  const { id, contentRev, placeRev } = node;
  const results = await lee.operations(
    { type: 'move', moves: [{ id, placeRev, parentId: null, name: 'mine' }] },
    { type: 'setMetadata', id, mtimeMs: 1, executable: true },
    { type: 'trash', id, contentRev, placeRev, seenSeq: 9 },
    { type: 'restore', id },
  );
  expect(results.map((result) => !result.ok && result.problem.code)).toEqual(Array(4).fill('not-found'));
  const pack = await lee.fetch(paths.packDownload, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ files: [{ nodeId: id, contentId: node.contentId }] }),
  });
  expect(await pack.text()).toContain('not-found');
  expect((await lee.changes()).nodes).toEqual([]);
  expect(await client.node(id)).toEqual(node);
  expect((await client.status(uploadId)).state).toBe('open');
});

test('the id of a folder of somebody else is no parent', async () => {
  const { client, server } = await freshUser();
  const folder = await client.createFolder('folder');
  const lee = new Client(server.url, (await server.addUser('lee')).token);
  expect((await refusal(lee.createFolder('inside', folder.id))).code).toBe('parent-missing');
});

/** `fetch` does not let its caller choose these headers. */
const statusWith = (url: string, headers: Record<string, string>): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    request(`${url}/health`, { headers, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on('error', reject)
      .end();
  });

test('a foreign Host is turned away on loopback, the own names are not', async () => {
  const { server } = await freshUser();
  expect(await statusWith(server.url, { host: 'evil.example' })).toBe(403);
  expect(await statusWith(server.url, { host: `evil.example:${server.port}` })).toBe(403);
  for (const host of ['localhost', `localhost:${server.port}`, '127.0.0.1', `[::1]:${server.port}`]) {
    expect(await statusWith(server.url, { host })).toBe(200);
  }
});

test('a web page is turned away unless its origin is allowed', async () => {
  const { server } = await freshUser({ allowedOrigins: ['app://ui'] });
  expect(await statusWith(server.url, { origin: 'https://evil.example' })).toBe(403);
  expect(await statusWith(server.url, { origin: 'null' })).toBe(403);
  expect(await statusWith(server.url, { origin: 'app://ui' })).toBe(200);
});

test('every fault is a problem with a sentence', async () => {
  const { client } = await freshUser();
  const answers = [
    await client.fetch('/nowhere'),
    await client.fetch(paths.node('not-an-id' as never)),
    await client.fetch(paths.operations, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{',
    }),
    await client.fetch(paths.operations, { method: 'POST', headers: { 'content-type': 'text/plain' }, body: 'x' }),
    await client.fetch(`${paths.changes}?cursor=nonsense`),
  ];
  expect(answers.map(({ status }) => status)).toEqual([404, 400, 400, 400, 400]);
  for (const answer of answers) {
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(((await answer.json()) as { title: string }).title).toMatch(/^[A-Z].*\.$/);
  }
});

test('the API describes itself', async () => {
  const { server } = await freshUser();
  const description = (await (await fetch(server.url + paths.openapi)).json()) as { paths: Record<string, unknown> };
  for (const path of [
    paths.operations,
    paths.uploads,
    '/api/v1/nodes/{id}/content',
    paths.packUpload,
    paths.checkpoints,
    paths.events,
  ]) {
    expect(Object.keys(description.paths)).toContain(path);
  }
  expect(JSON.stringify(description.paths[paths.operations])).toContain('createFolder');
});
