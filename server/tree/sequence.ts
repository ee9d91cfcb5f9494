import { randomBytes } from 'node:crypto';
import { type RawBuilder, sql } from 'kysely';
import type { NodeId, UserId } from '../../shared/ids.ts';
import { insertRows } from '../db/insertRows.ts';
import type { Db } from '../db/schema.ts';

/**
 * Takes the next `count` sequence numbers of the user, inside the transaction whose changes they number; returns the
 * first. They are gapless because a transaction that rolls back gives them back.
 */
export async function takeSeqs(trx: Db, userId: UserId, count: number): Promise<number> {
  const { head_seq } = await trx
    .updateTable('users')
    .set({ head_seq: sql<number>`head_seq + ${count}` })
    .where('id', '=', userId)
    .returning('head_seq')
    .executeTakeFirstOrThrow();
  return head_seq - count + 1;
}

/** Eight random bytes in hex: a cursor made of seq and nonce cannot exist in a history that took another turn. */
const newNonce = (): string => randomBytes(8).toString('hex');

/** Writes the changes' rows, one for each node, numbered from `first` on. */
export async function recordChanges(trx: Db, userId: UserId, first: number, nodeIds: readonly NodeId[]): Promise<void> {
  const nonce = newNonce();
  const rows = nodeIds.map((node_id, i) => ({ user_id: userId, seq: first + i, node_id, nonce }));
  await insertRows(trx, 'changes', ['user_id', 'seq', 'node_id', 'nonce'], rows);
}

/**
 * The same for every row of `inside`, a CTE with the column `id`, set by set: ten thousand nodes are one statement.
 * The nodes are then stamped from these rows, which `between(first, last)` finds.
 */
export async function recordInside(trx: Db, userId: UserId, first: number, inside: RawBuilder<unknown>): Promise<void> {
  await sql`${inside} insert into changes (user_id, seq, node_id, nonce)
    select ${userId}, ${first - 1} + row_number() over (order by id), id, ${newNonce()} from inside`.execute(trx);
}
