import { z } from 'zod';
import { paths } from '../../shared/api/paths.ts';
import { QuarantinedFile, QuarantinePage } from '../../shared/api/quarantine.ts';
import { UserId } from '../../shared/ids.ts';
import { listQuarantine, quarantined } from '../quarantine/list.ts';
import { forget, free, settle } from '../quarantine/settle.ts';
import type { Services } from '../services.ts';
import { type App, answers, noContent } from './route.ts';

const Params = z.object({ id: z.string().max(100) });
const Paging = z.object({
  user: UserId.optional(),
  cursor: z.string().max(100).optional().describe('`next` of the page before'),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});

/** To be registered where only administrators come. */
export function quarantineRoutes(app: App, services: Services): void {
  const { db } = services;
  app.get(
    paths.adminQuarantine,
    { schema: { querystring: Paging, response: answers(QuarantinePage) } },
    ({ query: { user, cursor, limit } }) => listQuarantine(db.read, { userId: user, before: cursor, limit }),
  );
  app.post(
    paths.adminRelease(':id'),
    { schema: { params: Params, response: answers(QuarantinedFile) } },
    async ({ params: { id } }) => {
      await free(db.write, id);
      await settle(services, id);
      return quarantined(db.read, id);
    },
  );
  app.delete(
    paths.adminQuarantined(':id'),
    { schema: { params: Params, response: noContent } },
    async ({ params: { id } }, reply) => {
      await forget(db.write, id);
      await settle(services, id);
      return reply.code(204).send();
    },
  );
}
