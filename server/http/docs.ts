import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import { jsonSchemaTransform } from 'fastify-type-provider-zod';
import { paths } from '../../shared/api/paths.ts';
import { VERSION } from '../version.ts';
import { describeRoutes } from './openapi/describe.ts';
import type { App } from './route.ts';

/** The page's own files and nothing else: it works without a network, and tells nobody that it was opened. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Describes the routes that are added after it, for programs and, as a page, for people. */
export async function describeApi(app: App): Promise<void> {
  await app.register(swagger, {
    openapi: {
      info: { title: 'Driftless', version: VERSION },
      components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } } },
      security: [{ bearer: [] }],
    },
    transform: jsonSchemaTransform,
    transformObject: (document) =>
      describeRoutes('openapiObject' in document ? document.openapiObject : document.swaggerObject),
  });
  await app.register(swaggerUi, {
    routePrefix: paths.docs,
    staticCSP: POLICY,
    uiConfig: {
      // Its default asks a server on the network whether the description is sound.
      validatorUrl: null,
      docExpansion: 'none',
      // Pages may only look: the server turns away what a browser sends under another origin.
      supportedSubmitMethods: ['get'],
    },
  });
}
