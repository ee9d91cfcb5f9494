import {
  EmptiedTrash,
  EmptyTrash,
  Node,
  OperationsRequest,
  OperationsResponse,
  RestoreVersion,
  VersionList,
} from '../../shared/api/nodes.ts';
import { paths } from '../../shared/api/paths.ts';
import { emptyTrash } from '../retention/onRequest.ts';
import type { Services } from '../services.ts';
import { listVersions } from '../tree/listing.ts';
import { operate } from '../tree/operations.ts';
import { restoreVersion } from '../tree/restoreVersion.ts';
import { type App, answers, NodeParams } from './route.ts';
import { sameHistory } from './sameHistory.ts';

export function nodeRoutes(app: App, services: Services): void {
  const { db, wakeups } = services;
  const onRequest = sameHistory(services);
  app.get(
    paths.versions(':id'),
    { schema: { params: NodeParams, response: answers(VersionList) } },
    async (request) => ({ versions: await listVersions(db.read, request.userId, request.params.id) }),
  );

  app.post(
    paths.restoreVersion(':id'),
    { onRequest, schema: { params: NodeParams, body: RestoreVersion, response: answers(Node) } },
    async (request) => {
      const node = await restoreVersion(db.write, request.userId, request.params.id, request.body);
      wakeups.changed(request.userId);
      return node;
    },
  );

  app.post(
    paths.emptyTrash,
    { onRequest, schema: { body: EmptyTrash, response: answers(EmptiedTrash) } },
    ({ userId, body }) => emptyTrash(services, userId, body.upToSeq ?? Number.MAX_SAFE_INTEGER),
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
