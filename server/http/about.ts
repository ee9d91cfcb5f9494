import { SignInMethods } from '../../shared/api/devices.ts';
import { Health, Readiness } from '../../shared/api/health.ts';
import { paths } from '../../shared/api/paths.ts';
import { hasTool, mediaTools } from '../media/tools.ts';
import type { Services } from '../services.ts';
import { VERSION } from '../version.ts';
import { type App, answers } from './route.ts';

/** What anybody may ask: whether the server is up, and how it is spoken to. */
export function aboutRoutes(app: App, services: Services): void {
  const { db, config } = services;
  app.get(paths.health, { config: { open: true, rate: 'free' }, schema: { response: answers(Health) } }, async () => ({
    status: 'ok' as const,
    version: VERSION,
    serverId: db.serverId,
  }));

  app.get(
    paths.ready,
    { config: { open: true, rate: 'free' }, schema: { response: { 200: Readiness, 503: Readiness } } },
    async (_request, reply) => {
      const found = await readiness(services);
      return reply.code(found.ready ? 200 : 503).send(found);
    },
  );

  const { clerk } = config;
  const signIn: SignInMethods = {
    methods: ['enrolment-token', 'password', 'pairing', ...(clerk ? (['clerk'] as const) : [])],
    clerk: clerk?.publishableKey ? { publishableKey: clerk.publishableKey } : null,
  };
  app.get(paths.auth, { config: { open: true }, schema: { response: answers(SignInMethods) } }, async () => signIn);

  app.get(paths.openapi, { config: { open: true }, schema: { hide: true } }, async () => app.swagger());
}

async function readiness({ db, content }: Services): Promise<Readiness> {
  const database = await db.read
    .selectFrom('meta')
    .select('value')
    .executeTakeFirst()
    .then(
      () => 'good' as const,
      () => 'unreadable' as const,
    );
  const [disk, bucket] = await Promise.all([
    content.disk.room().then(
      (room) => (room > 0 ? ('good' as const) : ('full' as const)),
      () => 'unreachable' as const,
    ),
    // Any answer will do, as that there is no such object.
    content.bucket?.sizeOf('ready').then(
      () => 'good' as const,
      () => 'unreachable' as const,
    ) ?? null,
  ]);
  const storage = disk === 'good' && bucket === 'unreachable' ? bucket : disk;
  const ffmpeg = hasTool(mediaTools(), 'ffmpeg') ? 'good' : 'missing';
  return { ready: database === 'good' && storage === 'good', database, storage, ...(bucket && { bucket }), ffmpeg };
}
