import diagnostics from 'node:diagnostics_channel';
import type { FastifyInstance, RouteOptions } from 'fastify';
import { expect, onTestFinished, test } from 'vitest';
import type { EnrolledDevice } from '../../shared/api/devices.ts';
import type { Link } from '../../shared/api/links.ts';
import { paths } from '../../shared/api/paths.ts';
import { Client, contentOf, draft, freshUser, newUploadId, randomBytes, text } from './harness.ts';

interface Route {
  readonly method: string;
  readonly url: string;
  readonly open: boolean;
}

/** A server with one user, and every route that it has. */
async function withRoutes() {
  const routes: Route[] = [];
  const listen = (message: unknown): void => {
    const { fastify } = message as { fastify: FastifyInstance };
    fastify.addHook('onRoute', ({ method, url, config }: RouteOptions) => {
      for (const each of [method].flat())
        routes.push({ method: each, url, open: config?.open === true || url.startsWith(paths.docs) });
    });
  };
  diagnostics.subscribe('fastify.initialization', listen);
  onTestFinished(() => {
    diagnostics.unsubscribe('fastify.initialization', listen);
  });
  const fresh = await freshUser({ metricsToken: 'a token for metrics' });
  expect(routes.length).toBeGreaterThan(30);
  return { ...fresh, routes };
}

const ANY_ID = '01890000-0000-7000-8000-000000000000';
const filled = (url: string, id = ANY_ID): string => url.replace(':part', '0').replace(/:\w+/g, id);
const name = ({ method, url }: Route): string => `${method} ${url}`;

test('nobody is let in without a token, on any route but those that are open', async () => {
  const { routes, server } = await withRoutes();
  for (const route of routes.filter(({ open }) => !open)) {
    for (const headers of [{}, { authorization: 'Bearer dla_guess' }, { authorization: 'Basic a2ltOmtpbQ==' }]) {
      const answer = await fetch(server.url + filled(route.url), { method: route.method, headers });
      await answer.arrayBuffer();
      expect(answer.status, name(route)).toBe(401);
    }
  }
});

test('the routes that are open are these', async () => {
  const { routes } = await withRoutes();
  expect(
    routes
      .filter(({ open, url }) => open && !url.startsWith(paths.docs))
      .map(name)
      .sort(),
  ).toEqual([
    'GET /api/v1/auth',
    'GET /api/v1/openapi.json',
    'GET /api/v1/shared/:token',
    'GET /health',
    'GET /metrics',
    'GET /ready',
    'HEAD /api/v1/auth',
    'HEAD /api/v1/openapi.json',
    'HEAD /api/v1/shared/:token',
    'HEAD /health',
    'HEAD /metrics',
    'HEAD /ready',
    'POST /api/v1/devices',
    'POST /api/v1/sessions',
  ]);
});

test('whatever belongs to somebody else does not exist, on every route that takes an id', async () => {
  const { routes, server, client } = await withRoutes();
  const content = contentOf(randomBytes(300_000, 'a'));
  const node = await client.put('a', text('a'));
  const uploadId = newUploadId();
  await client.open(uploadId, draft(content, 'b'));
  const link = await client.json<Link>('POST', paths.links, { nodeId: node.id });
  const device = await client.json<EnrolledDevice>('POST', paths.devices, { name: 'laptop', platform: 'linux' });
  /** Of each kind of thing one of kim's, by the path that leads to it. */
  const ids: Record<string, string> = {
    nodes: node.id,
    files: node.id,
    uploads: uploadId,
    devices: device.deviceId,
    links: link.id,
  };
  /** What a request must say to be understood at all. A route that is refused as malformed below is missing here. */
  const bodies: Record<string, unknown> = {
    [`POST ${paths.uploadManifest(':id')}`]: { from: 0, chunks: content.chunks, last: true },
    'PUT /api/files/:id/tags': { tags: ['mine'] },
    [`PATCH ${paths.node(':id')}`]: { name: 'mine' },
    [`POST ${paths.restoreVersion(':id')}`]: { contentRev: 1, baseContentRev: 1 },
    [`POST ${paths.uploadComplete(':id')}`]: { contentId: content.contentId },
  };
  const lee = new Client(server.url, (await server.addUser('lee')).token);
  const tried: string[] = [];
  for (const route of routes.filter(({ url, open }) => url.includes(':') && !open)) {
    const kind = /^\/api\/(?:v1\/)?([^/]+)/.exec(route.url)?.[1] ?? '';
    const body = bodies[name(route)];
    const bytes = route.url === paths.uploadPart(':id', ':part');
    const answer = await lee.fetch(filled(route.url, ids[kind]), {
      method: route.method,
      headers: {
        'if-match': '*',
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(bytes && { 'content-type': 'application/octet-stream' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      ...(bytes && { body: content.bytes }),
    });
    await answer.arrayBuffer();
    expect(answer.status, name(route)).toBe(kind === 'admin' ? 403 : 404);
    tried.push(kind);
  }
  expect(new Set(tried)).toEqual(new Set([...Object.keys(ids), 'admin']));
  expect(await client.node(node.id)).toEqual(node);
  expect((await client.status(uploadId)).state).toBe('open');
});
