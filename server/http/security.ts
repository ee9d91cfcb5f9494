import cors from '@fastify/cors';
import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import type { FastifyRequest } from 'fastify';
import type { Config } from '../config.ts';
import { refuse } from '../refusal.ts';
import type { Rates } from '../settings/rates.ts';
import { isAmong, isLoopback } from '../settings/transport.ts';
import type { App } from './route.ts';

const MINUTE_MS = 60_000;
/** Addresses and users whose requests are counted; those that were not seen for longest are forgotten. */
const COUNTED = 20_000;

/** What every answer says to browsers, who of them may ask, and how often anybody may. */
export async function secure(app: App, config: Config): Promise<void> {
  const { allowedOrigins, rates, transport, host } = config;
  const encrypted = transport.tls !== null || transport.proxies !== null;
  refuseRoundProxy(app, config);
  await app.register(helmet, {
    contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } },
    strictTransportSecurity: encrypted && !isLoopback(host),
    crossOriginResourcePolicy: { policy: allowedOrigins.length > 0 ? 'cross-origin' : 'same-origin' },
    xFrameOptions: { action: 'deny' },
  });
  if (allowedOrigins.length > 0) {
    await app.register(cors, {
      origin: [...allowedOrigins],
      methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
      exposedHeaders: ['etag', 'content-range', 'content-disposition', 'retry-after'],
      maxAge: 600,
    });
  }
  if (Object.values(rates).every((rate) => rate === null)) return;
  await app.register(rateLimit, {
    cache: COUNTED,
    timeWindow: MINUTE_MS,
    allowList: (request) => rateOf(request, rates) === null,
    max: (request) => rateOf(request, rates) ?? Number.MAX_SAFE_INTEGER,
    keyGenerator: (request) => `${kindOf(request)} ${request.userId || request.ip}`,
    errorResponseBuilder: (_request, { ttl }) => {
      const retryAfterSeconds = Math.max(1, Math.ceil(ttl / 1_000));
      return refuse('too-many-requests', `There were too many requests. Try again in ${retryAfterSeconds} s.`, {
        retryAfterSeconds,
      });
    },
  });
}

const kindOf = (request: FastifyRequest): keyof Rates | 'free' => request.routeOptions.config.rate ?? 'metadata';

function rateOf(request: FastifyRequest, rates: Rates): number | null {
  const kind = kindOf(request);
  return kind === 'free' ? null : rates[kind];
}

/** Where a proxy encrypts, whoever comes past it does not: only this computer itself may. */
function refuseRoundProxy(app: App, { transport: { tls, proxies } }: Config): void {
  if (tls || !proxies) return;
  app.addHook('onRequest', async ({ socket }) => {
    const from = socket.remoteAddress ?? '';
    if (isAmong(proxies, from) || isLoopback(from.replace(/^::ffff:/, ''))) return;
    throw refuse('forbidden', 'This server is reached through its proxy only. Use the address that it is known by.');
  });
}
