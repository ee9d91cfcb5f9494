import multipart from '@fastify/multipart';
import type { FastifyError } from 'fastify';
import { authenticate } from '../http/authenticate.ts';
import { problemOf } from '../http/problems.ts';
import type { App } from '../http/route.ts';
import { tooLarge } from '../quota/fileLimit.ts';
import { refuse } from '../refusal.ts';
import type { Services } from '../services.ts';
import { compatFileRoutes } from './files.ts';
import { compatStorageRoutes } from './storage.ts';
import { FILES_MAX } from './upload.ts';

/**
 * The HTTP interfaces of the storage systems that came before, over the services of this one: their clients need a new
 * host and a new token, and nothing else. Refusals have this server's status codes, in the shape that those clients read.
 */
export async function compatRoutes(app: App, services: Services): Promise<void> {
  const { maxFileBytes } = services.config;
  await app.register(multipart, { limits: { fileSize: maxFileBytes, files: FILES_MAX } });
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const { status, title, code, quota } = problemOf(known(error, maxFileBytes), request);
    if (status >= 500 && code === 'internal') request.log.error({ err: error }, 'a request failed');
    return reply.code(status).send({ success: false, error: title, code, ...(quota && { quota }) });
  });
  authenticate(app, services);
  compatFileRoutes(app, services);
  compatStorageRoutes(app, services);
}

/** What the form's parser says, in sentences. */
function known(error: FastifyError, maxFileBytes: number): Error {
  switch (error.code) {
    case 'FST_REQ_FILE_TOO_LARGE':
      return tooLarge(maxFileBytes);
    case 'FST_FILES_LIMIT':
      return refuse('malformed', `At most ${FILES_MAX} files can be sent at once. Send the others after them.`);
    case 'FST_INVALID_MULTIPART_CONTENT_TYPE':
      return refuse(
        'malformed',
        'No file provided. Send a form (multipart/form-data) with the field "file" or "files".',
      );
    default:
      return error;
  }
}
