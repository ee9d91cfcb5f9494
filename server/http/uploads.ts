import { z } from 'zod';
import { Node } from '../../shared/api/nodes.ts';
import { paths } from '../../shared/api/paths.ts';
import {
  AppendManifest,
  CompleteUpload,
  ManifestResponse,
  OpenUpload,
  UploadStatus,
} from '../../shared/api/uploads.ts';
import type { Services } from '../services.ts';
import { completeUpload } from '../uploads/complete.ts';
import { abortUpload } from '../uploads/end.ts';
import { orGiveBack } from '../uploads/giveBack.ts';
import { appendManifest } from '../uploads/manifest.ts';
import { openUpload } from '../uploads/open.ts';
import { receivePart } from '../uploads/parts.ts';
import { findUpload } from '../uploads/session.ts';
import { uploadStatus } from '../uploads/status.ts';
import { type App, answers, noContent, UploadParams } from './route.ts';
import { sameHistory } from './sameHistory.ts';

const PartParams = UploadParams.extend({ part: z.coerce.number().int().nonnegative() });

export function uploadRoutes(app: App, services: Services): void {
  const onRequest = sameHistory(services);
  app.post(paths.uploads, { onRequest, schema: { body: OpenUpload, response: answers(UploadStatus) } }, (request) =>
    openUpload(services, request.userId, request.body),
  );

  app.get(paths.upload(':id'), { schema: { params: UploadParams, response: answers(UploadStatus) } }, async (request) =>
    uploadStatus(services, await findUpload(services.db.read, request.userId, request.params.id)),
  );

  app.delete(paths.upload(':id'), { schema: { params: UploadParams, response: noContent } }, async (request, reply) => {
    await abortUpload(services, request.userId, request.params.id);
    return reply.code(204).send();
  });

  app.post(
    paths.uploadManifest(':id'),
    { schema: { params: UploadParams, body: AppendManifest, response: answers(ManifestResponse) } },
    ({ userId, params: { id }, body }) =>
      orGiveBack(services, userId, id, () => appendManifest(services, userId, id, body)),
  );

  app.put(
    paths.uploadPart(':id', ':part'),
    {
      config: { rate: 'bytes' },
      schema: { params: PartParams, consumes: ['application/octet-stream'], response: noContent },
    },
    async (request, reply) => {
      const { id, part } = request.params;
      const { userId, raw } = request;
      const length = raw.headers['content-length'];
      const body = { bytes: raw, length: length === undefined ? null : Number(length) };
      try {
        await orGiveBack(services, userId, id, () => receivePart(services, userId, id, part, body));
      } finally {
        // Nobody reads the rest of the body: the connection can carry no other request.
        if (!raw.complete) reply.header('connection', 'close');
      }
      return reply.code(204).send();
    },
  );

  app.post(
    paths.uploadComplete(':id'),
    { onRequest, schema: { params: UploadParams, body: CompleteUpload, response: answers(Node) } },
    ({ userId, params: { id }, body }) =>
      orGiveBack(services, userId, id, () => completeUpload(services, userId, id, body.contentId)),
  );
}
