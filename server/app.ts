import { fastify, LogController } from 'fastify';
import { validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import { PACK_MEDIA_TYPE } from '../shared/api/packs.ts';
import { MiB } from '../shared/bytes.ts';
import type { UserId } from '../shared/ids.ts';
import { compatRoutes } from './compat/routes.ts';
import { aboutRoutes } from './http/about.ts';
import { adminRoutes } from './http/admin.ts';
import { authenticate } from './http/authenticate.ts';
import { contentRoutes } from './http/content.ts';
import { deviceRoutes, signInRoutes } from './http/devices.ts';
import { describeApi } from './http/docs.ts';
import { feedRoutes } from './http/feed.ts';
import { guardLoopback } from './http/guard.ts';
import { libraryRoutes } from './http/library.ts';
import { linkRoutes, sharedRoutes } from './http/links.ts';
import { meRoutes } from './http/me.ts';
import { mediaRoutes } from './http/media.ts';
import { oneNodeRoutes } from './http/node.ts';
import { nodeRoutes } from './http/nodes.ts';
import { observeRequests } from './http/observe.ts';
import { packRoutes } from './http/packs.ts';
import { answerProblems } from './http/problems.ts';
import type { App } from './http/route.ts';
import { secure } from './http/security.ts';
import { storageRoutes } from './http/storage.ts';
import type { Tls } from './http/tls.ts';
import { uploadRoutes } from './http/uploads.ts';
import type { Services } from './services.ts';
import { isAmong } from './settings/transport.ts';

/** Limit of JSON bodies; the longest are a thousand operations with long names. */
const JSON_BYTES = 8 * MiB;

/** The HTTP application over the services, not listening yet. */
export async function buildApp(services: Services, tls: Tls | null): Promise<App> {
  const { proxies } = services.config.transport;
  const app = fastify({
    loggerInstance: services.log,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: JSON_BYTES,
    keepAliveTimeout: 75_000,
    // A part of an upload takes as long as the line needs.
    requestTimeout: 0,
    forceCloseConnections: 'idle',
    ...(tls && { https: tls }),
    ...(proxies && { trustProxy: (address: string) => isAmong(proxies, address) }),
  }).withTypeProvider<ZodTypeProvider>() as unknown as App;

  app.setValidatorCompiler(validatorCompiler);
  // Answers are typed; holding each against its schema again would cost more than making it.
  app.setSerializerCompiler(() => JSON.stringify);
  app.decorateRequest('userId', '' as UserId);
  app.decorateRequest('proof');
  await describeApi(app);
  // These bodies are read by their handlers, as they come.
  app.addContentTypeParser(['application/octet-stream', PACK_MEDIA_TYPE], (_request, _body, done) => done(null));

  guardLoopback(app, services.config);
  answerProblems(app);
  await secure(app, services.config);
  observeRequests(app, services);
  aboutRoutes(app, services);
  signInRoutes(app, services);
  sharedRoutes(app, services);
  await app.register(async (scope: App) => {
    authenticate(scope, services);
    deviceRoutes(scope, services);
    meRoutes(scope, services);
    nodeRoutes(scope, services);
    libraryRoutes(scope, services);
    oneNodeRoutes(scope, services);
    linkRoutes(scope, services);
    contentRoutes(scope, services);
    uploadRoutes(scope, services);
    packRoutes(scope, services);
    feedRoutes(scope, services);
    mediaRoutes(scope, services);
    storageRoutes(scope, services);
    await scope.register(async (admins: App) => adminRoutes(admins, services));
  });
  await app.register(async (scope: App) => compatRoutes(scope, services));
  return app;
}
