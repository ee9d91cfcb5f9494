import { v7 as uuid } from 'uuid';
import { UserId } from '../../shared/ids.ts';
import { acted } from '../audit/record.ts';
import type { Db } from '../db/schema.ts';
import { refuse } from '../refusal.ts';
import { newToken, tokenHash } from './tokens.ts';

/** Of users who are not given another. */
export const DEFAULT_PLAN = 'free';

export interface NewUser {
  readonly id: UserId;
  readonly name: string;
  readonly token: string;
}

/** A request about a user that cannot be met; the message is one sentence with a next step. */
export class UserFault extends Error {}

/** Makes a user and an enrolment token, shown once. Throws UserFault when the name is taken or the plan unknown. */
export async function addUser(db: Db, name: string, plan: string, role: 'user' | 'admin'): Promise<NewUser> {
  if (!/^[^\s/\p{Cc}][^/\p{Cc}]{0,99}$/u.test(name)) {
    throw new UserFault(`"${name}" cannot be a user's name. Use up to 100 characters without slashes.`);
  }
  const id = UserId.parse(uuid());
  const token = newToken('dle_');
  await db.transaction().execute(async (trx) => {
    const row = await trx.selectFrom('plans').select('quota_bytes').where('name', '=', plan).executeTakeFirst();
    if (!row) {
      throw await unknownPlan(trx, plan);
    }
    const added = await trx
      .insertInto('users')
      .values({ id, name, role, plan, quota_bytes: row.quota_bytes, created_at: Date.now() })
      .onConflict((conflict) => conflict.column('name').doNothing())
      .returning('id')
      .executeTakeFirst();
    if (!added) throw new UserFault(`There already is a user "${name}". Choose another name.`);
    await insertToken(trx, id, token);
  });
  return { id, name, token };
}

/** Makes another enrolment token of a user; those made before stay good. Throws UserFault when there is no such user. */
export async function newEnrolmentToken(db: Db, name: string): Promise<NewUser> {
  const token = newToken('dle_');
  return db.transaction().execute(async (trx) => {
    const id = await userNamed(trx, name);
    await insertToken(trx, id, token);
    return { id, name, token };
  });
}

/** Throws UserFault when there is no such user. */
export async function userNamed(db: Db, name: string): Promise<UserId> {
  const user = await db.selectFrom('users').select('id').where('name', '=', name).executeTakeFirst();
  if (!user) throw unknownUser(name);
  return user.id;
}

async function insertToken(trx: Db, userId: UserId, token: string): Promise<void> {
  const row = { token_hash: tokenHash(token), user_id: userId, created_at: Date.now() };
  await trx.insertInto('enrolment_tokens').values(row).execute();
}

/** Said to whoever has proved to be a user that may not come in. */
export const disabled = () =>
  refuse('forbidden', 'This account is disabled. Ask whoever runs the server to enable it.');

export async function unknownPlan(db: Db, plan: string): Promise<UserFault> {
  const plans = await db.selectFrom('plans').select('name').execute();
  return new UserFault(`There is no plan "${plan}". Choose one of: ${plans.map(({ name }) => name).join(', ')}.`);
}

const unknownUser = (name: string): UserFault =>
  new UserFault(`There is no user "${name}". \`driftless-server users\` lists them.`);

export interface UserSummary {
  readonly id: UserId;
  readonly name: string;
  readonly role: 'user' | 'admin';
  readonly plan: string;
  readonly quotaBytes: number | null;
  readonly usedBytes: number;
  readonly keptBytes: number;
  readonly fileCount: number;
}

/** All users, by name. */
export const listUsers = (db: Db): Promise<UserSummary[]> =>
  db
    .selectFrom('users')
    .select(['id', 'name', 'role', 'plan'])
    .select((eb) => [
      eb.ref('quota_bytes').as('quotaBytes'),
      eb.ref('used_bytes').as('usedBytes'),
      eb.ref('kept_bytes').as('keptBytes'),
      eb.ref('file_count').as('fileCount'),
    ])
    .orderBy('name')
    .execute();

/** Sets a user's own limit in bytes, whatever the plan says; null is unlimited. Throws UserFault when there is no such user. */
export async function setQuota(db: Db, name: string, quotaBytes: number | null): Promise<void> {
  const row = await db
    .updateTable('users')
    .set({ quota_bytes: quotaBytes, quota_overridden: 1, ...acted() })
    .where('name', '=', name)
    .returning('id')
    .executeTakeFirst();
  if (!row) throw unknownUser(name);
}
