import { isIPv6 } from 'node:net';
import { lockNames } from '../db/locks.ts';
import type { Db } from '../db/schema.ts';
import { refuse } from '../refusal.ts';

/** Who failed before: an account, an address, or the two together. */
export interface Subject {
  readonly kind: keyof typeof RULES;
  readonly who: string;
}

const HOUR_MS = 3_600_000;

/**
 * How many failures go free, and how long one waits at most after the next; each wait is twice the one before. An
 * account alone waits little: else anybody could keep its owner out.
 */
const RULES = {
  pair: { free: 5, longestMs: HOUR_MS },
  address: { free: 20, longestMs: HOUR_MS },
  account: { free: 50, longestMs: 60_000 },
} as const;

const FIRST_WAIT_MS = 1_000;
/** After so long without one, failures are forgotten. */
const FORGET_MS = 24 * HOUR_MS;

export const accountSubjects = (account: string, address: string): Subject[] => [
  { kind: 'pair', who: `${account} ${networkOf(address)}` },
  { kind: 'account', who: account },
  ...addressSubjects(address),
];

export const addressSubjects = (address: string): Subject[] => [{ kind: 'address', who: networkOf(address) }];

/** A household has 2^64 addresses of IPv6: they count as one. */
const networkOf = (address: string): string =>
  isIPv6(address) && !address.includes('.') ? expanded(address).slice(0, 4).join(':') : address;

function expanded(address: string): string[] {
  const [head = '', tail] = address.split('%', 1)[0]?.split('::') ?? [];
  const left = head.split(':').filter(Boolean);
  const right = (tail ?? '').split(':').filter(Boolean);
  return [...left, ...Array<string>(Math.max(0, 8 - left.length - right.length)).fill('0'), ...right];
}

/**
 * Counts an attempt as failed before it is looked at, so that guesses made at once are no cheaper than one after the
 * other. Refused as too-many-requests while one of the subjects has to wait.
 */
export async function beginAttempt(db: Db, subjects: readonly Subject[], now: number): Promise<void> {
  const wait = await db.transaction().execute(async (trx) => {
    await lockNames(trx, subjects.map(keyOf));
    const rows = await Promise.all(subjects.map((subject) => failuresOf(trx, subject, now)));
    const until = Math.max(0, ...rows.map((row) => row.lockedUntil));
    if (until > now) return until - now;
    for (const [i, subject] of subjects.entries()) await count(trx, subject, (rows[i]?.failures ?? 0) + 1, now);
    return 0;
  });
  if (wait > 0) throw tooManyAttempts(wait);
}

/** The attempt was good: what was counted for it is taken back, and what the account failed before is forgotten. */
export async function endAttempt(db: Db, subjects: readonly Subject[]): Promise<void> {
  await db.transaction().execute(async (trx) => {
    await lockNames(trx, subjects.map(keyOf));
    for (const subject of subjects) {
      const row = trx.updateTable('sign_in_attempts').where('subject', '=', keyOf(subject));
      if (subject.kind === 'address') {
        await row.set((eb) => ({ failures: eb('failures', '-', 1), locked_until: 0 })).execute();
      } else await trx.deleteFrom('sign_in_attempts').where('subject', '=', keyOf(subject)).execute();
    }
  });
}

/** Forgets failures that are too old to count. */
export async function sweepAttempts(db: Db, now: number): Promise<void> {
  await db
    .deleteFrom('sign_in_attempts')
    .where('last_at', '<', now - FORGET_MS)
    .execute();
}

const keyOf = ({ kind, who }: Subject): string => `${kind} ${who}`;

async function failuresOf(trx: Db, subject: Subject, now: number): Promise<{ failures: number; lockedUntil: number }> {
  const row = await trx
    .selectFrom('sign_in_attempts')
    .select(['failures', 'locked_until', 'last_at'])
    .where('subject', '=', keyOf(subject))
    .executeTakeFirst();
  if (!row || row.last_at < now - FORGET_MS) return { failures: 0, lockedUntil: 0 };
  return { failures: row.failures, lockedUntil: row.locked_until };
}

async function count(trx: Db, subject: Subject, failures: number, now: number): Promise<void> {
  const { free, longestMs } = RULES[subject.kind];
  const beyond = failures - free;
  const wait = beyond <= 0 ? 0 : Math.min(longestMs, FIRST_WAIT_MS * 2 ** Math.min(beyond - 1, 30));
  const row = { failures, locked_until: now + wait, last_at: now };
  await trx
    .insertInto('sign_in_attempts')
    .values({ subject: keyOf(subject), ...row })
    .onConflict((conflict) => conflict.column('subject').doUpdateSet(row))
    .execute();
}

function tooManyAttempts(waitMs: number) {
  const retryAfterSeconds = Math.ceil(waitMs / 1_000);
  return refuse('too-many-requests', `Too many attempts have failed. Try again in ${inWords(retryAfterSeconds)}.`, {
    retryAfterSeconds,
  });
}

const inWords = (seconds: number): string => (seconds < 120 ? `${seconds} s` : `${Math.ceil(seconds / 60)} minutes`);
