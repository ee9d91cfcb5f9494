import { createPublicKey } from 'node:crypto';
import type { ClerkConfig } from '../auth/clerk.ts';
import { type Env, listOf, textOf } from './env.ts';
import { ConfigFault } from './fault.ts';

const NAMES = [
  'CLERK_JWT_KEY',
  'CLERK_SECRET_KEY',
  'CLERK_PUBLISHABLE_KEY',
  'CLERK_AUTHORIZED_PARTIES',
  'CLERK_API_URL',
] as const;
/** The secret key needs nothing besides. */
const ENOUGH: readonly string[] = ['CLERK_SECRET_KEY', 'CLERK_API_URL'];

/**
 * Sign-in with Clerk, or null when nothing of it is set. Half of it is refused: it would let in nobody, or too many. The
 * secret key alone is enough for clients that bring tokens of their own: its keys are those of one instance.
 */
export function readClerk(env: Env): ClerkConfig | null {
  const set = NAMES.find((name) => textOf(env, name) !== undefined);
  if (!set) return null;
  const missing = (what: string): ConfigFault =>
    new ConfigFault(`${set} is set, but ${what}. Set it as well, or remove ${set} to do without Clerk.`);

  const jwtKey = textOf(env, 'CLERK_JWT_KEY');
  const secretKey = textOf(env, 'CLERK_SECRET_KEY');
  if (jwtKey === undefined && secretKey === undefined) {
    throw missing('CLERK_JWT_KEY (the public key, no network is needed then) or CLERK_SECRET_KEY is not');
  }
  const apiUrl = textOf(env, 'CLERK_API_URL');
  const secret = { secretKey: secretKey ?? '', ...(apiUrl !== undefined && { apiUrl }) };
  const besides = NAMES.filter((name) => textOf(env, name) !== undefined && !ENOUGH.includes(name));
  if (besides.length === 0) return { keys: secret, publishableKey: null, issuer: null, authorizedParties: 'any' };
  const publishableKey = textOf(env, 'CLERK_PUBLISHABLE_KEY');
  if (publishableKey === undefined) throw missing('CLERK_PUBLISHABLE_KEY is not');
  const parties = listOf(textOf(env, 'CLERK_AUTHORIZED_PARTIES'));
  if (parties.length === 0) {
    throw missing('CLERK_AUTHORIZED_PARTIES (the origins that may ask for tokens, or any) is not');
  }
  return {
    keys: jwtKey === undefined ? secret : { jwtKey: readPublicKey(jwtKey) },
    publishableKey,
    issuer: issuerIn(publishableKey),
    authorizedParties: parties.includes('any') ? 'any' : parties,
  };
}

/** In an environment file a PEM often stands on one line. */
function readPublicKey(text: string): string {
  const pem = text.replaceAll('\\n', '\n');
  try {
    // A private key has a public one in it, and must not lie around here.
    if (!pem.includes('PRIVATE') && createPublicKey(pem).asymmetricKeyType === 'rsa') return pem;
  } catch {
    // Said below.
  }
  throw new ConfigFault('CLERK_JWT_KEY is not an RSA public key in PEM form. Copy it from the API keys page of Clerk.');
}

/** A publishable key is its instance's address in base64, with a $ behind it. */
function issuerIn(publishableKey: string): string {
  const encoded = /^pk_(?:test|live)_([A-Za-z0-9+/=_-]+)$/.exec(publishableKey)?.[1] ?? '';
  const host = /^([a-z0-9.-]+)\$$/.exec(Buffer.from(encoded, 'base64').toString('latin1'))?.[1];
  if (host) return `https://${host}`;
  throw new ConfigFault('CLERK_PUBLISHABLE_KEY is not a publishable key. Copy it from the API keys page of Clerk.');
}
