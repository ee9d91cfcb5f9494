import type { QuarantinedFile, QuarantinePage } from '../../shared/api/quarantine.ts';
import type { UserId } from '../../shared/ids.ts';
import type { Db, QuarantineRow } from '../db/schema.ts';
import { refuse } from '../refusal.ts';
import { draftOf } from './draft.ts';

/** What is kept, and what was released, the newest first. */
export async function listQuarantine(
  db: Db,
  { userId, before, limit }: { userId?: UserId | undefined; before?: string | undefined; limit: number },
): Promise<QuarantinePage> {
  let query = inQuarantine(db)
    .orderBy('q.id', 'desc')
    .limit(limit + 1);
  if (userId !== undefined) query = query.where('q.user_id', '=', userId);
  if (before !== undefined) query = query.where('q.id', '<', before);
  const rows = await query.execute();
  const files = rows.slice(0, limit).map(fileOf);
  return { files, next: rows.length > limit ? (files.at(-1)?.id ?? null) : null };
}

const inQuarantine = (db: Db) =>
  db
    .selectFrom('quarantine as q')
    .innerJoin('users as u', 'u.id', 'q.user_id')
    .select(['q.id', 'q.user_id', 'u.name as user_name', 'q.size', 'q.state', 'q.why', 'q.draft', 'q.at'])
    .where('q.state', 'in', ['held', 'freed', 'released']);

type Row = Pick<QuarantineRow, 'id' | 'user_id' | 'size' | 'state' | 'why' | 'draft' | 'at'> & { user_name: string };

const fileOf = (row: Row): QuarantinedFile => ({
  id: row.id,
  userId: row.user_id,
  userName: row.user_name,
  name: draftOf(row).name,
  size: row.size,
  why: row.why,
  at: row.at,
  released: row.state !== 'held',
});

export async function quarantined(db: Db, id: string): Promise<QuarantinedFile> {
  const row = await inQuarantine(db).where('q.id', '=', id).executeTakeFirst();
  if (!row) throw refuse('not-found', 'There is no such file in quarantine. Look at the list again.');
  return fileOf(row);
}
