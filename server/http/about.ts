import { Health } from '../../shared/api/health.ts';
import { paths } from '../../shared/api/paths.ts';
import type { Services } from '../services.ts';
import { VERSION } from '../version.ts';
import { type App, answers } from './route.ts';

/** What anybody may ask: whether the server is up, and how it is spoken to. */
export function aboutRoutes(app: App, { db }: Services): void {
  app.get(paths.health, { schema: { response: answers(Health) } }, async () => ({
    status: 'ok' as const,
    version: VERSION,
    serverId: db.serverId,
  }));

  app.get(paths.openapi, { schema: { hide: true } }, async () => app.swagger());
}
