import type { Bearers } from '../auth/bearers.ts';
import { refuse } from '../refusal.ts';
import type { App } from './route.ts';

/** Every route of this scope needs a bearer token that proves somebody. */
export function authenticate(app: App, bearers: Bearers): void {
  app.addHook('onRequest', async (request) => {
    const [scheme, token] = request.headers.authorization?.split(' ') ?? [];
    const proof = scheme?.toLowerCase() === 'bearer' && token ? await bearers.verify(token, Date.now()) : undefined;
    if (!proof) throw refuse('unauthenticated', 'Sign in first: the token is missing, wrong or has expired.');
    request.userId = proof.userId;
    request.provenBy = proof.by;
  });
}
