import type { ChangesPage, Cursor } from '../../shared/api/changes.ts';
import { CHANGES_PAGE } from '../../shared/api/limits.ts';
import type { UserId } from '../../shared/ids.ts';
import type { Db } from '../db/schema.ts';
import { refuse } from '../refusal.ts';
import { NODE_COLUMNS, nodeOf } from '../tree/node.ts';

/** Nodes changed since the cursor, by seq, each as it is now. A cursor of another history is refused. */
export async function changesSince(
  db: Db,
  userId: UserId,
  cursor: Cursor,
  limit: number = CHANGES_PAGE,
): Promise<ChangesPage> {
  const since = await knownSeq(db, userId, cursor);
  const rows = await db
    .selectFrom('nodes')
    .select(NODE_COLUMNS)
    .where('user_id', '=', userId)
    .where('seq', '>', since)
    .orderBy('seq')
    .limit(limit + 1)
    .execute();
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    nodes: page.map(nodeOf),
    cursor: last ? await cursorAt(db, userId, last.seq) : cursor,
    caughtUp: page.length === rows.length,
  };
}

/** The seq of a cursor of this history; one of another is refused. */
export async function knownSeq(db: Db, userId: UserId, cursor: Cursor): Promise<number> {
  if (cursor === '0') return 0;
  const [seq = '', nonce = ''] = cursor.split('.');
  const known = await db
    .selectFrom('changes')
    .select('seq')
    .where('user_id', '=', userId)
    .where('seq', '=', Number(seq))
    .where('nonce', '=', nonce)
    .executeTakeFirst();
  if (!known)
    throw refuse('cursor-unknown', 'The server does not know this point in the history. Compare from the beginning.');
  return known.seq;
}

async function cursorAt(db: Db, userId: UserId, seq: number): Promise<Cursor> {
  const { nonce } = await db
    .selectFrom('changes')
    .select('nonce')
    .where('user_id', '=', userId)
    .where('seq', '=', seq)
    .executeTakeFirstOrThrow();
  return `${seq}.${nonce}`;
}

/** The user's last sequence number. */
export async function headOf(db: Db, userId: UserId): Promise<number> {
  const row = await db.selectFrom('users').select('head_seq').where('id', '=', userId).executeTakeFirstOrThrow();
  return row.head_seq;
}
