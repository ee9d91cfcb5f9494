import { v7 as uuid } from 'uuid';
import { z } from 'zod';
import { UserId } from '../../shared/ids.ts';
import { recordEvent } from '../audit/record.ts';
import type { Databases } from '../db/connect.ts';
import { lockNames } from '../db/locks.ts';
import type { Db } from '../db/schema.ts';
import { refuse } from '../refusal.ts';
import { DEFAULT_PLAN } from './users.ts';

/** How Clerk's tokens are checked. */
export interface ClerkConfig {
  /** With `jwtKey`, the instance's public key, no network is needed; with the secret key Clerk is asked for the keys. */
  readonly keys: { readonly jwtKey: string } | { readonly secretKey: string; readonly apiUrl?: string };
  /** Which clients need to sign in; null: they have their own. */
  readonly publishableKey: string | null;
  /** `https://…`, as in the tokens' `iss`; null: whoever the keys belong to, which are those of one instance. */
  readonly issuer: string | null;
  /** Origins that may have asked for a token (`azp`); 'any' for clients without one, such as native apps. */
  readonly authorizedParties: readonly string[] | 'any';
}

/** Who a token of Clerk speaks for, until when (Unix ms); undefined when this server may not trust it. */
export type ClerkSignIn = (token: string, now: number) => Promise<ClerkUser | undefined>;

export interface ClerkUser {
  readonly userId: UserId;
  readonly role: 'user' | 'admin';
  readonly disabled: boolean;
  readonly sessionId: string | null;
  readonly expiresAt: number;
}

const Claims = z.object({
  iss: z.string(),
  sub: z.string().min(1).max(200),
  exp: z.number(),
  sid: z.string().optional(),
  /** Not part of the token unless the instance is told to add it. */
  email: z.string().max(100).optional().catch(undefined),
  /** `pending`: the person has not done all that signing in asks for. */
  sts: z.string().optional(),
});
type Claims = z.infer<typeof Claims>;

const REMEMBERED = 10_000;

/** Clerk's library is loaded only where it is used: most servers have no need of it. */
export async function clerkSignIn({ read, write }: Databases, config: ClerkConfig): Promise<ClerkSignIn> {
  const { verifyToken } = await import('@clerk/backend');
  const { authorizedParties: parties, keys, issuer } = config;
  const options = { ...keys, ...(parties !== 'any' && { authorizedParties: [...parties] }) };

  /** Clerk makes a token a minute; a sign-in is what they have in common. */
  const sessions = new Set<string>();
  const told = async (sessionId: string | null, userId: UserId): Promise<void> => {
    if (sessionId === null || sessions.has(sessionId)) return;
    if (sessions.size >= REMEMBERED) sessions.clear();
    sessions.add(sessionId);
    await recordEvent(write, { userId, action: 'sign-in', by: 'Clerk', detail: sessionId });
  };

  return async (token, now) => {
    let payload: unknown;
    try {
      payload = await verifyToken(token, options);
    } catch (error) {
      if (!isUnreachable(error)) return undefined;
      throw refuse('unavailable', 'The sign-in service cannot be reached. Try again in a moment.');
    }
    const claims = Claims.safeParse(payload).data;
    if (!claims || claims.sts === 'pending') return undefined;
    if (issuer !== null && claims.iss !== issuer) return undefined;
    const user = (await find(read, claims.sub)) ?? (await make(write, claims, now));
    if (!user.disabled) await told(claims.sid ?? null, user.userId);
    return { ...user, sessionId: claims.sid ?? null, expiresAt: claims.exp * 1_000 };
  };
}

/** The keys could not be fetched; everything else is the token's own fault. */
const isUnreachable = (error: unknown): boolean =>
  error instanceof Error && 'reason' in error
    ? error.reason === 'jwk-remote-failed-to-load'
    : error instanceof TypeError;

async function find(db: Db, clerkId: string) {
  const row = await db
    .selectFrom('users')
    .select(['id', 'role', 'disabled_at'])
    .where('clerk_id', '=', clerkId)
    .executeTakeFirst();
  return row && { userId: row.id, role: row.role, disabled: row.disabled_at !== null };
}

/**
 * The first sign-in makes the user, with nothing stored yet. The name is the e-mail address where the token has one that
 * is free: names are only ever shown, `clerk_id` is who it is.
 */
const make = (db: Db, { sub, email }: Claims, now: number) =>
  db.transaction().execute(async (trx) => {
    await lockNames(trx, [`clerk ${sub}`]);
    const meanwhile = await find(trx, sub);
    if (meanwhile) return meanwhile;
    const userId = UserId.parse(uuid());
    const plan = await trx
      .selectFrom('plans')
      .select(['name as plan', 'quota_bytes'])
      .where('name', '=', DEFAULT_PLAN)
      .executeTakeFirstOrThrow();
    for (const name of [email, sub, userId]) {
      if (name === undefined) continue;
      const added = await trx
        .insertInto('users')
        .values({ id: userId, name, role: 'user', ...plan, clerk_id: sub, created_at: now })
        .onConflict((conflict) => conflict.column('name').doNothing())
        .returning('id')
        .executeTakeFirst();
      if (added) break;
    }
    return { userId, role: 'user' as const, disabled: false };
  });
