import type { UserId } from '../../shared/ids.ts';
import type { Db } from '../db/schema.ts';
import { tokenHash } from './tokens.ts';

/** Who a bearer token speaks for. Every request asks, so answers are kept in memory until they must be asked anew. */
export interface Bearers {
  /** The user, or undefined when the token proves nobody. Enrolment tokens and access tokens are both good. */
  verify(token: string, now: number): Promise<Proof | undefined>;
}

export interface Proof {
  readonly userId: UserId;
  readonly by: 'session' | 'enrolment';
}

/** An enrolment token that was deleted by hand stays good for at most this long, in ms. */
const RECHECK_MS = 60_000;
const REMEMBERED = 10_000;

export function bearers(db: Db): Bearers {
  const known = new Map<string, { readonly proof: Proof; readonly until: number }>();
  return {
    async verify(token, now) {
      const hash = tokenHash(token);
      const hit = known.get(hash);
      if (hit && hit.until > now) return hit.proof;
      known.delete(hash);
      const found = token.startsWith('dla_') ? await bySession(db, hash, now) : await byEnrolment(db, hash, now);
      if (!found) return undefined;
      if (known.size >= REMEMBERED) known.clear();
      known.set(hash, found);
      return found.proof;
    },
  };
}

interface Found {
  readonly proof: Proof;
  readonly until: number;
}

async function bySession(db: Db, hash: string, now: number): Promise<Found | undefined> {
  const row = await db
    .selectFrom('sessions')
    .select(['user_id', 'expires_at'])
    .where('token_hash', '=', hash)
    .where('expires_at', '>', now)
    .executeTakeFirst();
  return row && { proof: { userId: row.user_id, by: 'session' }, until: row.expires_at };
}

async function byEnrolment(db: Db, hash: string, now: number): Promise<Found | undefined> {
  const row = await db
    .selectFrom('enrolment_tokens')
    .select('user_id')
    .where('token_hash', '=', hash)
    .executeTakeFirst();
  return row && { proof: { userId: row.user_id, by: 'enrolment' }, until: now + RECHECK_MS };
}
