import { UserFault } from '../auth/users.ts';
import type { Db } from '../db/schema.ts';

export interface Plan {
  readonly name: string;
  /** null: unlimited. */
  readonly quotaBytes: number | null;
  readonly users: number;
}

/** All plans, the smallest first. */
export async function listPlans(db: Db): Promise<Plan[]> {
  const rows = await db
    .selectFrom('plans as p')
    .leftJoin('users as u', 'u.plan', 'p.name')
    .select((eb) => ['p.name', 'p.quota_bytes as quotaBytes', eb.fn.count<number>('u.id').as('users')])
    .groupBy('p.name')
    .execute();
  const size = ({ quotaBytes }: Plan): number => quotaBytes ?? Number.POSITIVE_INFINITY;
  return rows.sort((a, b) => size(a) - size(b) || (a.name < b.name ? -1 : 1));
}

/**
 * What a plan allows, in bytes; null: without limit. The limits of its users follow, but for those who have one of their
 * own. Throws UserFault when there is no such plan.
 */
export async function setPlanQuota(db: Db, name: string, quotaBytes: number | null): Promise<void> {
  const row = await db
    .updateTable('plans')
    .set({ quota_bytes: quotaBytes })
    .where('name', '=', name)
    .returning('name')
    .executeTakeFirst();
  if (!row) throw new UserFault(`There is no plan "${name}". \`driftless-server plans\` lists them.`);
}
