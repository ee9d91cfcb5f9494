import type { FastifyInstance } from 'fastify';
import type { Config } from '../config.ts';
import { refuse } from '../refusal.ts';

const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];

/**
 * A web page in this computer's browser can send requests to loopback addresses, under its own name or, by rebinding
 * DNS, under ours: both are turned away.
 */
export function guardLoopback(app: FastifyInstance, config: Config): void {
  const loopback = [...LOOPBACK, '::1'].includes(config.host);
  const hosts = new Set([...LOOPBACK, config.host, ...config.allowedHosts].map((name) => name.toLowerCase()));
  const origins = new Set(config.allowedOrigins);
  app.addHook('onRequest', async (request) => {
    const { host, origin } = request.headers;
    if (loopback && !hosts.has(hostName(host))) {
      throw refuse(
        'forbidden',
        'This server answers to its own address only. Name the host in ALLOWED_HOSTS to allow it.',
      );
    }
    if (origin !== undefined && !origins.has(origin)) {
      throw refuse('forbidden', 'Web pages may not use this server. Name their origin in ALLOWED_ORIGINS to allow it.');
    }
  });
}

const hostName = (host: string | undefined): string => (host ?? '').replace(/:\d+$/, '').toLowerCase();
