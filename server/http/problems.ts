import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type Problem, problem } from '../../shared/api/problem.ts';
import { errorCode } from '../content/durable.ts';
import { DatabaseAway } from '../db/postgres/faults.ts';
import { diskFull, isDiskFull } from '../diskFull.ts';
import { Refusal, refuse } from '../refusal.ts';

/** Every answer that is no success passes here: refusals as they are, faults as a sentence that gives nothing away. */
export function answerProblems(app: FastifyInstance): void {
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const answer = problemOf(error, request);
    const heard = !reply.raw.destroyed;
    if (heard && answer.status >= 500 && !(error instanceof Refusal)) {
      request.log.error({ err: error, url: request.url }, 'a request failed');
    }
    return sendProblem(reply, answer);
  });
  app.setNotFoundHandler((request, reply) => sendProblem(reply, unknownPath(request).problem));
}

export const unknownPath = (request: FastifyRequest): Refusal =>
  refuse('not-found', `There is nothing at ${request.method} ${pathOf(request)}. Check the address.`);

function sendProblem(reply: FastifyReply, answer: Problem) {
  if (answer.retryAfterSeconds !== undefined) reply.header('retry-after', answer.retryAfterSeconds);
  return reply.code(answer.status).type('application/problem+json').send(answer);
}

const pathOf = (request: FastifyRequest): string => request.url.split('?', 1)[0] ?? '';

/** The problem that an error is to whoever asked. */
export function problemOf(error: Error & Partial<FastifyError>, request: FastifyRequest): Problem {
  if (error instanceof Refusal) return error.problem;
  if (error.validation) {
    const [first] = error.validation;
    const where = [error.validationContext, ...(first?.instancePath ?? '').split('/').filter(Boolean)].join('.');
    return problem(
      'malformed',
      `The request is not understood (${where}: ${first?.message ?? 'invalid'}). Update the client.`,
    );
  }
  if (error instanceof DatabaseAway) {
    return problem('unavailable', 'The database cannot be reached. It is tried again by itself.', {
      retryAfterSeconds: 5,
    });
  }
  if (isDiskFull(error)) return diskFull().problem;
  switch (errorCode(error)) {
    case 'SQLITE_BUSY':
    case '55P03':
      return problem('unavailable', 'The server is busy with maintenance. Try again in a moment.');
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return problem('too-large', 'The request is too large. Send it in smaller pieces.');
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE': {
      const given = request.headers['content-type'] ?? 'none';
      return problem(
        'malformed',
        `The content type "${given}" is not expected here. Send the one in the API description.`,
      );
    }
  }
  if (error.statusCode && error.statusCode >= 400 && error.statusCode < 500) {
    return problem('malformed', `The request is not understood (${error.message}). Update the client.`);
  }
  return problem('internal', 'The server met an error of its own. Try again; its log has the details.');
}
