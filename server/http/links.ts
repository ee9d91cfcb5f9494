import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { CreateLink, Link, LinkList } from '../../shared/api/links.ts';
import { paths } from '../../shared/api/paths.ts';
import { NodeId } from '../../shared/ids.ts';
import { countDownload, createLink, listLinks, openLink, revokeLink } from '../links/links.ts';
import type { Services } from '../services.ts';
import { type App, answers, noContent } from './route.ts';
import { sendContent } from './sendContent.ts';

export function linkRoutes(app: App, { db, links }: Services): void {
  app.post(paths.links, { schema: { body: CreateLink, response: answers(Link) } }, ({ userId, body }) =>
    createLink(db.write, links, userId, body, Date.now()),
  );

  app.get(
    paths.links,
    { schema: { querystring: z.object({ nodeId: NodeId.optional() }), response: answers(LinkList) } },
    async ({ userId, query }) => ({ links: await listLinks(db.read, links, userId, query.nodeId) }),
  );

  app.delete(
    paths.link(':id'),
    { schema: { params: z.object({ id: z.string() }), response: noContent } },
    async ({ userId, params }, reply) => {
      await revokeLink(db.write, userId, params.id, Date.now());
      return reply.code(204).send();
    },
  );
}

/** What anybody may do who has an address. */
export function sharedRoutes(app: App, services: Services): void {
  const { db, links } = services;
  app.get(
    paths.shared(':token'),
    {
      config: { open: true, rate: 'bytes' },
      schema: { params: z.object({ token: z.string().max(200) }), security: [] },
    },
    async (request, reply) => {
      const { id, content } = await openLink(db.read, links, request.params.token, Date.now());
      if (isWhole(request)) await db.progress((trx) => countDownload(trx, id));
      // The address is the key: no other site is to learn it, no index to keep it.
      reply.headers({ 'referrer-policy': 'no-referrer', 'x-robots-tag': 'noindex' });
      return sendContent(services, request, reply, content);
    },
  );
}

/** Whether a download begins; the later pieces of one that comes in pieces are not counted again. */
const isWhole = ({ method, headers }: FastifyRequest): boolean =>
  method === 'GET' && headers['if-none-match'] === undefined && /^(bytes=0-.*)?$/.test(headers.range ?? '');
