import { z } from 'zod';
import { CHANGES_PAGE } from '../../shared/api/limits.ts';
import { Node, NodePage, OperationsRequest, OperationsResponse, VersionList } from '../../shared/api/nodes.ts';
import { paths } from '../../shared/api/paths.ts';
import { NodeId } from '../../shared/ids.ts';
import type { Services } from '../services.ts';
import { getNode, listNodes, listVersions } from '../tree/listing.ts';
import { operate } from '../tree/operations.ts';
import { type App, answers, NodeParams } from './route.ts';
import { sameHistory } from './sameHistory.ts';

const ListQuery = z.object({
  parent: z.union([NodeId, z.literal('root')]).optional(),
  state: z.enum(['live', 'trashed']).default('live'),
  cursor: z.string().max(2_000).optional().describe('`next` of the page before'),
  limit: z.coerce.number().int().min(1).max(CHANGES_PAGE).default(500),
});

export function nodeRoutes(app: App, services: Services): void {
  const { db, wakeups } = services;
  app.get(paths.nodes, { schema: { querystring: ListQuery, response: answers(NodePage) } }, (request) => {
    const { parent, state, cursor, limit } = request.query;
    return listNodes(db.read, request.userId, {
      parentId: parent === 'root' ? null : parent,
      state,
      after: cursor,
      limit,
    });
  });

  app.get(paths.node(':id'), { schema: { params: NodeParams, response: answers(Node) } }, (request) =>
    getNode(db.read, request.userId, request.params.id),
  );

  app.get(
    paths.versions(':id'),
    { schema: { params: NodeParams, response: answers(VersionList) } },
    async (request) => ({ versions: await listVersions(db.read, request.userId, request.params.id) }),
  );

  app.post(
    paths.operations,
    { onRequest: sameHistory(services), schema: { body: OperationsRequest, response: answers(OperationsResponse) } },
    async (request) => {
      const results = await operate(db.write, request.userId, request.body.operations);
      wakeups.changed(request.userId);
      return { results };
    },
  );
}
