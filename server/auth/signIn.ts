import type { ChangePassword, DeviceProof } from '../../shared/api/devices.ts';
import type { UserId } from '../../shared/ids.ts';
import { recordEvent } from '../audit/record.ts';
import { lockUser } from '../db/locks.ts';
import type { Db } from '../db/schema.ts';
import { refuse } from '../refusal.ts';
import type { Services } from '../services.ts';
import type { Proof } from './bearers.ts';
import { revokeOtherDevices } from './devices.ts';
import { accountSubjects, addressSubjects, beginAttempt, endAttempt } from './lockout.ts';
import { takePairing } from './pairing.ts';
import { hashPassword, isPassword } from './password.ts';
import { disabled } from './users.ts';

/** Whose device it is, by what its person knows; `address` is where the request comes from. */
export async function signIn(services: Services, proof: DeviceProof, address: string): Promise<UserId> {
  switch (proof.type) {
    case 'password':
      return byPassword(services, proof, address);
    case 'pairing':
      return byPairing(services, proof.code, address);
  }
}

async function byPassword(
  { db, clock }: Services,
  { name, password }: Extract<DeviceProof, { type: 'password' }>,
  address: string,
): Promise<UserId> {
  const subjects = accountSubjects(name, address);
  await beginAttempt(db.write, subjects, clock.now());
  const user = await db.read
    .selectFrom('users')
    .select(['id', 'password', 'disabled_at'])
    .where('name', '=', name)
    .executeTakeFirst();
  const right = await isPassword(password, user?.password ?? null);
  if (!user || !right) {
    await recordEvent(db.write, {
      userId: user?.id ?? null,
      action: 'sign-in-failed',
      by: address,
      detail: 'password',
    });
    throw refuse('unauthenticated', 'The name or the password is wrong. Try again.');
  }
  await endAttempt(db.write, subjects);
  if (user.disabled_at !== null) throw disabled();
  await recordEvent(db.write, { userId: user.id, action: 'sign-in', by: address, detail: 'password' });
  return user.id;
}

async function byPairing({ db, clock }: Services, code: string, address: string): Promise<UserId> {
  const subjects = addressSubjects(address);
  await beginAttempt(db.write, subjects, clock.now());
  const userId = await takePairing(db.write, code, clock.now());
  if (!userId) {
    await recordEvent(db.write, { userId: null, action: 'sign-in-failed', by: address, detail: 'pairing' });
    throw refuse('unauthenticated', 'The code is wrong, was used, or has expired. Have a new one shown.');
  }
  await endAttempt(db.write, subjects);
  await refuseDisabled(db.read, userId);
  await recordEvent(db.write, { userId, action: 'sign-in', by: address, detail: 'pairing' });
  return userId;
}

async function refuseDisabled(db: Db, userId: UserId): Promise<void> {
  const user = await db.selectFrom('users').select('disabled_at').where('id', '=', userId).executeTakeFirst();
  if (user?.disabled_at !== null) throw disabled();
}

/**
 * Sets the password. Whoever has one must say it, unless an enrolment token proves them: that is what an administrator
 * gives to somebody who has forgotten it. Who replaces a password may have lost it to somebody: so all other devices lose
 * their access with it, unless the request says to keep them.
 */
export async function changePassword(
  { db, clock, revocations }: Services,
  { userId, by }: Proof,
  { current, password, otherDevices }: ChangePassword,
  address: string,
): Promise<void> {
  const user = await db.read
    .selectFrom('users')
    .select(['name', 'password'])
    .where('id', '=', userId)
    .executeTakeFirstOrThrow();
  if (user.password !== null && by.type !== 'enrolment') {
    const subjects = accountSubjects(user.name, address);
    await beginAttempt(db.write, subjects, clock.now());
    if (!(await isPassword(current ?? '', user.password))) {
      await recordEvent(db.write, { userId, action: 'sign-in-failed', detail: 'password' });
      throw refuse('forbidden', 'The present password is wrong. Try again.');
    }
    await endAttempt(db.write, subjects);
  }
  if (password.normalize('NFKC').toLowerCase() === user.name.toLowerCase()) {
    throw refuse('malformed', 'The password is the name. Choose another.');
  }
  const hashed = await hashPassword(password);
  const others = otherDevices ?? (user.password === null ? 'keep' : 'end');
  await db.write.transaction().execute(async (trx) => {
    await lockUser(trx, userId);
    await trx.updateTable('users').set({ password: hashed }).where('id', '=', userId).execute();
    await recordEvent(trx, { userId, action: 'password-change' });
    if (others === 'end') await revokeOtherDevices(trx, userId, by.type === 'session' ? by.deviceId : null);
  });
  await revocations.look();
}
