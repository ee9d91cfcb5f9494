import { sql } from 'kysely';
import { textsIn } from '../db/dialect.ts';
import { lockUsers } from '../db/locks.ts';
import type { Db } from '../db/schema.ts';
import { recalculate } from '../quota/recalculate.ts';
import type { FindingKind } from './finding.ts';

/**
 * What can be set right without a doubt, because it follows from other rows: what is counted, and how often an object is
 * shown. Everything else is told and left alone; what it should be only a backup or a person knows.
 */
export const REPAIRABLE: readonly FindingKind[] = ['wrong-counter', 'wrong-refs'];

/** Sets right what can be, all in one transaction; stored files and the tree stay as they are. */
export async function repair(db: Db): Promise<void> {
  await recalculate(db, undefined, false);
  await db.transaction().execute(async (trx) => {
    await lockUsers(trx);
    await sql`delete from usage_breakdown`.execute(trx);
    await sql`insert into usage_breakdown (user_id, file_type, category, bytes, files)
      select user_id, file_type, coalesce(category, ''), sum(size), count(*) from nodes
      where kind = 'file' and state = 'live' group by 1, 2, 3`.execute(trx);
    await sql`delete from node_tags`.execute(trx);
    await sql`delete from tags`.execute(trx);
    await sql`insert into node_tags (user_id, tag, node_id) select distinct n.user_id, t.value, n.id
      from nodes n, ${textsIn(trx, sql`n.tags`)} where n.tags is not null and n.state = 'live'`.execute(trx);
    await sql`update objects as o set refs =
      (select count(*) from nodes n where n.user_id = o.user_id and n.content_id = o.content_id)
      + (select count(*) from versions v where v.user_id = o.user_id and v.content_id = o.content_id)`.execute(trx);
  });
}
