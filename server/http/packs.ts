import { Readable } from 'node:stream';
import { PACK_MAX_BYTES } from '../../shared/api/limits.ts';
import { PACK_MEDIA_TYPE, PackDownloadRequest, PackUploadResponse } from '../../shared/api/packs.ts';
import { paths } from '../../shared/api/paths.ts';
import { MiB } from '../../shared/bytes.ts';
import { release } from '../content/release.ts';
import { downloadPack } from '../packs/download.ts';
import { uploadPack } from '../packs/upload.ts';
import type { Services } from '../services.ts';
import { readBody } from './body.ts';
import { type App, answers } from './route.ts';
import { sameHistory } from './sameHistory.ts';

/** The content, and room for the headers of as many files as a pack may hold. */
const BODY_BYTES = PACK_MAX_BYTES + MiB;

export function packRoutes(app: App, services: Services): void {
  app.post(
    paths.packUpload,
    {
      onRequest: sameHistory(services),
      config: { rate: 'bytes' },
      schema: { consumes: [PACK_MEDIA_TYPE], response: answers(PackUploadResponse) },
    },
    async (request) => {
      const pack = await readBody(request.raw, BODY_BYTES);
      const results = await uploadPack(services, request.userId, pack);
      release(pack);
      return { results };
    },
  );

  app.post(
    paths.packDownload,
    { config: { rate: 'bytes' }, schema: { body: PackDownloadRequest } },
    async (request, reply) => {
      const frames = await downloadPack(services, request.userId, request.body.files);
      return reply.type(PACK_MEDIA_TYPE).send(Readable.from(frames, { objectMode: false, highWaterMark: MiB }));
    },
  );
}
