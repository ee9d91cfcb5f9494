import { createHash, timingSafeEqual } from 'node:crypto';
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { paths } from '../../shared/api/paths.ts';
import type { Services } from '../services.ts';
import { unknownPath } from './problems.ts';
import type { App } from './route.ts';

/** Seconds; parts of large uploads take as long as the line needs. */
const BUCKETS = [0.001, 0.005, 0.02, 0.1, 0.5, 2, 10, 60];

/**
 * Says of every request that ended what it was and how long it took: in the log at the level `info`, and to whoever
 * reads the metrics. Routes are named, never addresses: those may hold a link's signature.
 */
export function observeRequests(app: App, services: Services): void {
  const { config, log } = services;
  const registry = new Registry();
  const seconds = new Histogram({
    name: 'driftless_request_seconds',
    help: 'How long requests took',
    labelNames: ['method', 'route', 'status'] as const,
    buckets: BUCKETS,
    registers: [registry],
  });
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'unknown';
    const status = reply.statusCode;
    seconds.observe({ method: request.method, route, status }, reply.elapsedTime / 1_000);
    log.info(
      { method: request.method, route, status, ms: Math.round(reply.elapsedTime), user: request.userId || undefined },
      'request',
    );
  });

  const { metricsToken } = config;
  if (metricsToken === null) return;
  countRows(registry, services);
  let begun = false;
  app.get(paths.metrics, { config: { open: true, rate: 'free' }, schema: { hide: true } }, async (request, reply) => {
    if (!sameToken(request.headers.authorization, metricsToken)) throw unknownPath(request);
    // Watching the process takes a timer: nobody pays for it who does not look.
    if (!begun) collectDefaultMetrics({ register: registry });
    begun = true;
    return reply.type(registry.contentType).send(await registry.metrics());
  });
}

/** Read when somebody asks, and only then. */
function countRows(registry: Registry, { db, content }: Services): void {
  const gauge = (name: string, help: string, read: () => Promise<number>): void => {
    new Gauge({
      name,
      help,
      registers: [registry],
      async collect() {
        this.set(await read());
      },
    });
  };
  const sum = (column: 'used_bytes' | 'kept_bytes' | 'reserved_bytes' | 'file_count') => async () => {
    const row = await db.read
      .selectFrom('users')
      .select((eb) => eb.fn.sum<number | null>(column).as('sum'))
      .executeTakeFirstOrThrow();
    return row.sum ?? 0;
  };
  gauge('driftless_users', 'Accounts', async () => {
    const row = await db.read
      .selectFrom('users')
      .select((eb) => eb.fn.countAll<number>().as('users'))
      .executeTakeFirstOrThrow();
    return row.users;
  });
  gauge('driftless_open_uploads', 'Uploads under way', async () => {
    const row = await db.read
      .selectFrom('uploads')
      .select((eb) => eb.fn.countAll<number>().as('uploads'))
      .where('state', '=', 'open')
      .executeTakeFirstOrThrow();
    return row.uploads;
  });
  gauge('driftless_used_bytes', 'Bytes of live files', sum('used_bytes'));
  gauge('driftless_kept_bytes', 'Bytes of the trash and of earlier versions', sum('kept_bytes'));
  gauge('driftless_reserved_bytes', 'Bytes held by uploads under way', sum('reserved_bytes'));
  gauge('driftless_files', 'Live files', sum('file_count'));
  gauge('driftless_room_bytes', 'Bytes that new content may take', () => content.main.room());
}

/** In a time that does not tell how much of it was right. */
function sameToken(given: string | undefined, token: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given ?? ''), digest(`Bearer ${token}`));
}
