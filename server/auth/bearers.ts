import type { DeviceId, UserId } from '../../shared/ids.ts';
import type { Db } from '../db/schema.ts';
import type { ClerkSignIn } from './clerk.ts';
import type { Revocations } from './revocations.ts';
import { tokenHash } from './tokens.ts';

/** Who a bearer token speaks for. Every request asks, so answers are kept in memory until they must be asked anew. */
export interface Bearers {
  /** The user, or undefined when the token proves nobody. Enrolment tokens, access tokens and Clerk's are good. */
  verify(token: string, now: number): Promise<Proof | undefined>;
  /** Whether that still holds, however long ago it was proved: nothing of it was taken back since. */
  holds(proof: Proof): Promise<boolean>;
}

export interface Proof {
  readonly userId: UserId;
  readonly role: 'user' | 'admin';
  readonly by: ProvenBy;
}

export type ProvenBy =
  | { readonly type: 'session'; readonly deviceId: DeviceId; readonly deviceName: string }
  | { readonly type: 'enrolment'; readonly tokenHash: string }
  | { readonly type: 'clerk'; readonly sessionId: string | null };

/** What is kept of an enrolment token, in ms; one that is taken back counts as a revocation. */
const RECHECK_MS = 60_000;
const REMEMBERED = 10_000;

export function bearers(db: Db, revocations: Revocations, clerk: ClerkSignIn | null): Bearers {
  const known = new Map<string, Found>();
  revocations.listen(() => known.clear());
  const find = (token: string, hash: string, now: number): Promise<Found | undefined> => {
    if (token.startsWith('dla_')) return bySession(db, hash, now);
    return clerk && token.includes('.') ? byClerk(clerk, token, now) : byEnrolment(db, hash, now);
  };
  return {
    async verify(token, now) {
      const before = await revocations.count();
      const hash = tokenHash(token);
      const hit = known.get(hash);
      if (hit && hit.until > now) return hit.proof;
      known.delete(hash);
      const found = await find(token, hash, now);
      if (!found) return undefined;
      if (known.size >= REMEMBERED) known.clear();
      if (before === (await revocations.count())) known.set(hash, found);
      return found.proof;
    },
    holds: (proof) => stillHolds(db, proof),
  };
}

interface Found {
  readonly proof: Proof;
  readonly until: number;
}

async function bySession(db: Db, hash: string, now: number): Promise<Found | undefined> {
  const row = await db
    .selectFrom('sessions as s')
    .innerJoin('users as u', 'u.id', 's.user_id')
    .innerJoin('devices as d', 'd.id', 's.device_id')
    .select(['s.user_id', 's.expires_at', 'u.role', 'd.id', 'd.name'])
    .where('s.token_hash', '=', hash)
    .where('s.expires_at', '>', now)
    .where('u.disabled_at', 'is', null)
    .executeTakeFirst();
  if (!row) return undefined;
  const by = { type: 'session', deviceId: row.id, deviceName: row.name } as const;
  return { proof: { userId: row.user_id, role: row.role, by }, until: row.expires_at };
}

async function byEnrolment(db: Db, hash: string, now: number): Promise<Found | undefined> {
  const row = await db
    .selectFrom('enrolment_tokens as t')
    .innerJoin('users as u', 'u.id', 't.user_id')
    .select(['t.user_id', 'u.role'])
    .where('t.token_hash', '=', hash)
    .where('u.disabled_at', 'is', null)
    .executeTakeFirst();
  if (!row) return undefined;
  const by = { type: 'enrolment', tokenHash: hash } as const;
  return { proof: { userId: row.user_id, role: row.role, by }, until: now + RECHECK_MS };
}

async function byClerk(clerk: ClerkSignIn, token: string, now: number): Promise<Found | undefined> {
  const known = await clerk(token, now);
  if (!known || known.disabled) return undefined;
  const { userId, role, sessionId, expiresAt } = known;
  return { proof: { userId, role, by: { type: 'clerk', sessionId } }, until: expiresAt };
}

async function stillHolds(db: Db, { userId, by }: Proof): Promise<boolean> {
  const user = await db.selectFrom('users').select('disabled_at').where('id', '=', userId).executeTakeFirst();
  if (!user || user.disabled_at !== null) return false;
  switch (by.type) {
    case 'clerk':
      return true;
    case 'session':
      return (await db.selectFrom('devices').select('id').where('id', '=', by.deviceId).execute()).length > 0;
    case 'enrolment':
      return (
        (await db.selectFrom('enrolment_tokens').select('user_id').where('token_hash', '=', by.tokenHash).execute())
          .length > 0
      );
  }
}
