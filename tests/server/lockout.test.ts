import { expect, onTestFinished, test } from 'vitest';
import {
  accountSubjects,
  addressSubjects,
  beginAttempt,
  endAttempt,
  sweepAttempts,
} from '../../server/auth/lockout.ts';
import { Refusal } from '../../server/refusal.ts';
import { openDatabasesOf } from './database.ts';
import { temporaryFolder } from './harness.ts';

/** Attempts as they come in, and what they are told: seconds to wait, or 0. */
async function door() {
  const db = await openDatabasesOf(await temporaryFolder());
  onTestFinished(() => db.close());
  let now = 1_000_000;
  return {
    db: db.write,
    later: (ms: number) => {
      now += ms;
    },
    fail: async (account: string, address: string): Promise<number> => {
      try {
        await beginAttempt(db.write, accountSubjects(account, address), now);
        return 0;
      } catch (error) {
        if (error instanceof Refusal) return error.problem.retryAfterSeconds ?? -1;
        throw error;
      }
    },
    succeed: (account: string, address: string) => endAttempt(db.write, accountSubjects(account, address)),
    sweep: () => sweepAttempts(db.write, now),
  };
}

test('five failures go free, then each wait is twice the one before, up to an hour', async () => {
  const { fail, later } = await door();
  for (let i = 0; i < 5; i += 1) expect(await fail('kim', '192.0.2.1')).toBe(0);
  const waits: number[] = [];
  for (let i = 0; i < 14; i += 1) {
    later(i === 0 ? 0 : (waits.at(-1) ?? 0) * 1_000);
    expect(await fail('kim', '192.0.2.1')).toBe(0);
    waits.push(await fail('kim', '192.0.2.1'));
  }
  expect(waits.slice(0, 5)).toEqual([1, 2, 4, 8, 16]);
  expect(waits.slice(-2)).toEqual([3_600, 3_600]);
});

test('guesses made at once are no cheaper than one after the other', async () => {
  const { fail } = await door();
  const answers = await Promise.all(Array.from({ length: 40 }, () => fail('kim', '192.0.2.1')));
  expect(answers.filter((wait) => wait === 0)).toHaveLength(6);
});

test('an address that tries many accounts has to wait', async () => {
  const { fail } = await door();
  for (let i = 0; i < 21; i += 1) expect(await fail(`user${i}`, '192.0.2.1')).toBe(0);
  expect(await fail('other', '192.0.2.1')).toBeGreaterThan(0);
  expect(await fail('other', '192.0.2.2')).toBe(0);
});

test('whoever guesses from many addresses slows an account down, but locks nobody out for more than a minute', async () => {
  const { fail, later } = await door();
  let refused = 0;
  for (let i = 0; i < 70; i += 1) {
    const wait = await fail('kim', `192.0.2.${i}`);
    expect(wait).toBeLessThanOrEqual(60);
    if (wait > 0) refused += 1;
    later(wait * 1_000);
  }
  expect(refused).toBeGreaterThan(5);
});

test('addresses of one network of IPv6 count as one', () => {
  const same = addressSubjects('2001:db8:1:2::1');
  expect(addressSubjects('2001:db8:1:2:ffff::9')).toEqual(same);
  expect(addressSubjects('2001:db8:1:3::1')).not.toEqual(same);
  expect(addressSubjects('::1')).toEqual([{ kind: 'address', who: '0:0:0:0' }]);
});

test('a success forgets what the account failed before, and not what its address did', async () => {
  const { fail, succeed, later } = await door();
  for (let i = 0; i < 20; i += 1) await fail(`user${i}`, '192.0.2.1');
  for (let i = 0; i < 5; i += 1) await fail('kim', '192.0.2.2');
  await fail('kim', '192.0.2.2');
  later(10_000);
  await succeed('kim', '192.0.2.2');
  for (let i = 0; i < 5; i += 1) expect(await fail('kim', '192.0.2.2')).toBe(0);
  expect(await fail('own', '192.0.2.1')).toBe(0);
  await succeed('own', '192.0.2.1');
  expect(await fail('next', '192.0.2.1')).toBe(0);
  expect(await fail('next', '192.0.2.1')).toBeGreaterThan(0);
});

test('failures of yesterday are forgotten', async () => {
  const { fail, later, sweep, db } = await door();
  for (let i = 0; i < 6; i += 1) await fail('kim', '192.0.2.1');
  later(24 * 3_600_000 + 1);
  expect(await fail('kim', '192.0.2.1')).toBe(0);
  expect(await fail('kim', '192.0.2.1')).toBe(0);
  later(24 * 3_600_000 + 1);
  await sweep();
  expect(await db.selectFrom('sign_in_attempts').selectAll().execute()).toEqual([]);
});
