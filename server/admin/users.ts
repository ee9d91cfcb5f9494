import type { AdminUser, AdminUserPage, ChangeUser } from '../../shared/api/admin.ts';
import type { UserId } from '../../shared/ids.ts';
import { acted, recordEvent } from '../audit/record.ts';
import { unknownPlan } from '../auth/users.ts';
import { lockNames, lockUser } from '../db/locks.ts';
import type { Db } from '../db/schema.ts';
import { refuse } from '../refusal.ts';

const usersOf = (db: Db) =>
  db
    .selectFrom('users')
    .select(['id', 'name', 'clerk_id as clerkId', 'role', 'plan', 'quota_bytes as limitBytes'])
    .select(['quota_overridden', 'used_bytes as usedBytes', 'reserved_bytes as reservedBytes'])
    .select(['kept_bytes as keptBytes', 'file_count as fileCount', 'disabled_at as disabledAt'])
    .select('created_at as createdAt');

type Row = Awaited<ReturnType<ReturnType<typeof usersOf>['executeTakeFirstOrThrow']>>;

const shown = ({ quota_overridden, ...row }: Row): AdminUser => ({ ...row, limitIsOwn: quota_overridden === 1 });

/** Users by name, after `after`. */
export async function userPage(db: Db, after: string | undefined, limit: number): Promise<AdminUserPage> {
  let select = usersOf(db)
    .orderBy('name')
    .limit(limit + 1);
  if (after !== undefined) select = select.where('name', '>', after);
  const rows = await select.execute();
  const page = rows.slice(0, limit);
  return { users: page.map(shown), next: rows.length > limit ? (page.at(-1)?.name ?? null) : null };
}

/** Changes what an administrator may of a user. The last administrator who can come in stays one. */
export async function changeUser(db: Db, id: UserId, change: ChangeUser, now: number): Promise<AdminUser> {
  return db.transaction().execute(async (trx) => {
    await lockNames(trx, ['administrators']);
    await lockUser(trx, id);
    const before = await usersOf(trx).where('id', '=', id).executeTakeFirst();
    if (!before) throw refuse('not-found', 'There is no such user. Look at the list of users again.');
    if (change.plan !== undefined) await changePlan(trx, id, change.plan);
    if (change.quota) await changeQuota(trx, id, change.quota);
    if (change.role !== undefined && change.role !== before.role) {
      await trx.updateTable('users').set({ role: change.role }).where('id', '=', id).execute();
      await recordEvent(trx, { userId: id, action: 'role-change', detail: `from ${before.role} to ${change.role}` });
    }
    if (change.disabled !== undefined && change.disabled !== (before.disabledAt !== null)) {
      const disabledAt = change.disabled ? now : null;
      await trx.updateTable('users').set({ disabled_at: disabledAt }).where('id', '=', id).execute();
      await recordEvent(trx, { userId: id, action: change.disabled ? 'user-disabled' : 'user-enabled' });
    }
    if (before.role === 'admin') await keepOneAdmin(trx);
    return shown(await usersOf(trx).where('id', '=', id).executeTakeFirstOrThrow());
  });
}

async function keepOneAdmin(trx: Db): Promise<void> {
  const admin = await trx
    .selectFrom('users')
    .select('id')
    .where('role', '=', 'admin')
    .where('disabled_at', 'is', null)
    .executeTakeFirst();
  if (!admin) throw refuse('forbidden', 'This is the last administrator. Make somebody else one first.');
}

/** The limit follows, unless the user has one of their own. */
export async function changePlan(trx: Db, id: UserId, plan: string): Promise<void> {
  const known = await trx.selectFrom('plans').select('name').where('name', '=', plan).executeTakeFirst();
  if (!known) throw await unknownPlan(trx, plan);
  await trx
    .updateTable('users')
    .set({ plan, ...acted() })
    .where('id', '=', id)
    .execute();
}

export async function changeQuota(trx: Db, id: UserId, quota: NonNullable<ChangeUser['quota']>): Promise<void> {
  const limit = quota.type === 'own' ? { quota_bytes: quota.bytes, quota_overridden: 1 } : { quota_overridden: 0 };
  await trx
    .updateTable('users')
    .set({ ...limit, ...acted() })
    .where('id', '=', id)
    .execute();
}
