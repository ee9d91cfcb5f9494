import { sql } from 'kysely';
import type { UsageReport } from '../../shared/api/admin.ts';
import type { UserId } from '../../shared/ids.ts';
import { dayOf } from '../db/dialect.ts';
import type { Db } from '../db/schema.ts';

const DAY_MS = 24 * 3_600_000;
const DAYS = 30;
/** Of the limit. */
const NEAR = 0.8;
const NEAR_MAX = 100;

/** What everybody has stored, who is near the limit, and what has come in lately. */
export async function usageReport(db: Db, now: number): Promise<UsageReport> {
  const sums = await db
    .selectFrom('users')
    .select((eb) => [
      eb.fn.countAll<number>().as('users'),
      eb.fn.count<number>('disabled_at').as('disabled'),
      sql<number>`coalesce(sum(file_count), 0)`.as('fileCount'),
      sql<number>`coalesce(sum(used_bytes), 0)`.as('usedBytes'),
      sql<number>`coalesce(sum(kept_bytes), 0)`.as('keptBytes'),
      sql<number>`coalesce(sum(reserved_bytes), 0)`.as('reservedBytes'),
    ])
    .executeTakeFirstOrThrow();
  const { rows: plans } = await sql<UsageReport['plans'][number]>`
    select plan as name, count(*) as users, sum(used_bytes) as "usedBytes", sum(file_count) as "fileCount"
    from users group by plan order by count(*) desc, plan`.execute(db);
  const { rows: nearLimit } = await sql<{ id: UserId; name: string; usedBytes: number; limitBytes: number }>`
    select id, name, used_bytes as "usedBytes", quota_bytes as "limitBytes" from users
    where used_bytes >= ${sql.lit(NEAR)} * quota_bytes and used_bytes > 0
    order by 1.0 * used_bytes / case when quota_bytes < 1 then 1 else quota_bytes end desc, name limit ${NEAR_MAX}`.execute(
    db,
  );
  const { rows: days } = await sql<UsageReport['days'][number]>`
    select ${dayOf(db, sql`at`)} as day, count(*) as uploads, sum(case when bytes > 0 then bytes else 0 end) as bytes
    from audit where action in ('upload', 'replace') and at >= ${now - DAYS * DAY_MS}
    group by day order by day`.execute(db);
  return { ...sums, plans, nearLimit, days };
}
