import type { AuditPage } from '../../shared/api/admin.ts';
import type { Activity, ActivityPage } from '../../shared/api/storage.ts';
import type { UserId } from '../../shared/ids.ts';
import type { Db } from '../db/schema.ts';

export interface ActivityQuery {
  /** Older than this one: `next` of the page before. */
  readonly before: number | undefined;
  readonly limit: number;
}

const COLUMNS = ['a.id', 'a.at', 'a.action', 'a.node_id as nodeId', 'a.path', 'a.bytes', 'a.by', 'a.detail'] as const;

/** What happened to a user's storage, newest first. */
export async function activityOf(db: Db, userId: UserId, { before, limit }: ActivityQuery): Promise<ActivityPage> {
  let select = db
    .selectFrom('audit as a')
    .select(COLUMNS)
    .where('a.user_id', '=', userId)
    .orderBy('a.id', 'desc')
    .limit(limit + 1);
  if (before !== undefined) select = select.where('a.id', '<', before);
  const { rows, next } = pageOf(await select.execute(), limit);
  return { activities: rows, next };
}

export interface AuditQuery extends ActivityQuery {
  readonly userId: UserId | undefined;
  readonly action: Activity['action'] | undefined;
}

/** What happened to everybody's, newest first. */
export async function auditTrail(db: Db, { userId, action, before, limit }: AuditQuery): Promise<AuditPage> {
  let select = db
    .selectFrom('audit as a')
    .leftJoin('users as u', 'u.id', 'a.user_id')
    .select([...COLUMNS, 'a.user_id as userId', 'u.name as userName'])
    .orderBy('a.id', 'desc')
    .limit(limit + 1);
  if (userId !== undefined) select = select.where('a.user_id', '=', userId);
  if (action !== undefined) select = select.where('a.action', '=', action);
  if (before !== undefined) select = select.where('a.id', '<', before);
  const { rows, next } = pageOf(await select.execute(), limit);
  return { entries: rows, next };
}

function pageOf<T extends { readonly id: number }>(found: T[], limit: number): { rows: T[]; next: string | null } {
  const rows = found.slice(0, limit);
  return { rows, next: found.length > limit ? String(rows.at(-1)?.id) : null };
}
