import type { FastifyRequest } from 'fastify';
import { CURSOR_HEADER, Cursor } from '../../shared/api/changes.ts';
import { knownSeq } from '../feed/changes.ts';
import { refuse } from '../refusal.ts';
import type { Services } from '../services.ts';

/** Hook of routes that change the tree: turns away a device that still follows a history which was taken back. */
export const sameHistory =
  ({ db }: Services) =>
  async (request: FastifyRequest): Promise<void> => {
    const header = request.headers[CURSOR_HEADER];
    if (header === undefined) return;
    const cursor = Cursor.safeParse(header);
    if (!cursor.success) throw refuse('malformed', `The header ${CURSOR_HEADER} is not a cursor. Send one, or none.`);
    await knownSeq(db.read, request.userId, cursor.data);
  };
