import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { Node, PatchNode } from '../../shared/api/nodes.ts';
import { paths } from '../../shared/api/paths.ts';
import { Problem } from '../../shared/api/problem.ts';
import { purgeNode } from '../retention/onRequest.ts';
import type { Services } from '../services.ts';
import { editNode } from '../tree/edit.ts';
import { getNode } from '../tree/listing.ts';
import { etagOf, mustMatch } from './precondition.ts';
import { type App, answers, NodeParams } from './route.ts';
import { sameHistory } from './sameHistory.ts';

const IfMatch = z.object({
  'if-match': z.string().optional().describe('ETag of the state that is meant, or *; required'),
});
const DeleteQuery = z.object({
  purge: z.enum(['true', 'false']).default('false').describe('For ever, of what is in the trash'),
  seenSeq: z.coerce.number().int().optional().describe('Of a folder: anything inside that is newer → changed-inside'),
});

/** One file or folder, for clients that speak plain HTTP; a device that syncs sends operations. */
export function oneNodeRoutes(app: App, services: Services): void {
  const { db, wakeups } = services;
  const onRequest = sameHistory(services);
  const answer = (reply: FastifyReply, node: Node): Node => {
    reply.header('etag', etagOf(node));
    return node;
  };

  app.get(paths.node(':id'), { schema: { params: NodeParams, response: answers(Node) } }, async (request, reply) =>
    answer(reply, await getNode(db.read, request.userId, request.params.id)),
  );

  app.patch(
    paths.node(':id'),
    { onRequest, schema: { params: NodeParams, headers: IfMatch, body: PatchNode, response: answers(Node) } },
    async (request, reply) => {
      const { userId, params, headers, body } = request;
      const node = await editNode(db.write, userId, params.id, mustMatch(headers['if-match']), body);
      wakeups.changed(userId);
      return answer(reply, node);
    },
  );

  app.delete(
    paths.node(':id'),
    {
      onRequest,
      schema: {
        params: NodeParams,
        headers: IfMatch,
        querystring: DeleteQuery,
        response: { 200: Node, 204: z.void(), '4xx': Problem, '5xx': Problem },
      },
    },
    async (request, reply) => {
      const { userId, params, headers, query } = request;
      const expected = mustMatch(headers['if-match']);
      if (query.purge === 'true') {
        await purgeNode(services, userId, params.id, expected);
        return reply.code(204).send();
      }
      const node = await editNode(db.write, userId, params.id, expected, { state: 'trashed' }, query.seenSeq);
      wakeups.changed(userId);
      return answer(reply, node);
    },
  );
}
