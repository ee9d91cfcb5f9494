import { Node, OperationsRequest, OperationsResponse, VersionList } from '../../shared/api/nodes.ts';
import { paths } from '../../shared/api/paths.ts';
import type { Services } from '../services.ts';
import { getNode, listVersions } from '../tree/listing.ts';
import { operate } from '../tree/operations.ts';
import { type App, answers, NodeParams } from './route.ts';
import { sameHistory } from './sameHistory.ts';

export function nodeRoutes(app: App, services: Services): void {
  const { db, wakeups } = services;
  const onRequest = sameHistory(services);
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
    { onRequest, schema: { body: OperationsRequest, response: answers(OperationsResponse) } },
    async (request) => {
      const results = await operate(db.write, request.userId, request.body.operations);
      wakeups.changed(request.userId);
      return { results };
    },
  );
}
