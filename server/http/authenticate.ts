import type { FastifyRequest } from 'fastify';
import { actingAs, actorOf } from '../audit/actor.ts';
import type { Proof } from '../auth/bearers.ts';
import { refuse } from '../refusal.ts';
import type { Services } from '../services.ts';
import type { App } from './route.ts';

/** Every route of this scope needs a bearer token that proves somebody. */
export function authenticate(app: App, services: Services): void {
  app.addHook('onRequest', async (request) => {
    request.proof = await proofOf(request, services);
    request.userId = request.proof.userId;
  });
  app.addHook('preHandler', (request, _reply, done) => actingAs(actorOf(request.proof), done));
}

/** Who the request's bearer speaks for; refused as unauthenticated when there is none that does. */
export async function proofOf(request: FastifyRequest, { bearers, clock }: Services): Promise<Proof> {
  const [scheme, token] = request.headers.authorization?.split(' ') ?? [];
  const proof = scheme?.toLowerCase() === 'bearer' && token ? await bearers.verify(token, clock.now()) : undefined;
  if (!proof) throw refuse('unauthenticated', 'Sign in first: the token is missing, wrong or has expired.');
  return proof;
}
