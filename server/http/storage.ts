import { z } from 'zod';
import { paths } from '../../shared/api/paths.ts';
import { ActivityPage, StorageUsage } from '../../shared/api/storage.ts';
import { activityOf } from '../audit/activity.ts';
import { storageUsage } from '../quota/usage.ts';
import type { Services } from '../services.ts';
import { type App, answers } from './route.ts';

export const ActivityPaging = z.object({
  cursor: z.coerce.number().int().positive().optional().describe('`next` of the page before'),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});

export function storageRoutes(app: App, { db }: Services): void {
  app.get(paths.usage, { schema: { response: answers(StorageUsage) } }, (request) =>
    storageUsage(db.read, request.userId),
  );

  app.get(
    paths.activity,
    { schema: { querystring: ActivityPaging, response: answers(ActivityPage) } },
    ({ userId, query: { cursor, limit } }) => activityOf(db.read, userId, { before: cursor, limit }),
  );
}
