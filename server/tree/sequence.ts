import { randomBytes } from 'node:crypto';
import { type RawBuilder, sql } from 'kysely';
import { RUN_DIGITS } from '../../shared/api/changes.ts';
import type { NodeId, UserId } from '../../shared/ids.ts';
import { currentActor } from '../audit/actor.ts';
import { insertRows } from '../db/insertRows.ts';
import type { Db } from '../db/schema.ts';

/**
 * Takes the next `count` sequence numbers of the user, inside the transaction whose changes they number; returns the
 * first. They are gapless because a transaction that rolls back gives them back.
 */
export async function takeSeqs(trx: Db, userId: UserId, count: number): Promise<number> {
  const { head_seq } = await trx
    .updateTable('users')
    .set({ head_seq: sql<number>`head_seq + ${count}`, acting: currentActor() })
    .where('id', '=', userId)
    .returning('head_seq')
    .executeTakeFirstOrThrow();
  return head_seq - count + 1;
}

/**
 * A new run of the server begins. A copy of the data folder that is put back is served by a run of its own, so all that
 * one run has written and that is still there is history that everybody shares.
 */
export async function beginRun(db: Db): Promise<void> {
  const value = randomBytes(RUN_DIGITS / 2).toString('hex');
  await db
    .insertInto('meta')
    .values({ key: 'run', value })
    .onConflict((conflict) => conflict.column('key').doUpdateSet({ value }))
    .execute();
}

/** The run that serves now. */
export async function currentRun(db: Db): Promise<string> {
  const row = await db.selectFrom('meta').select('value').where('key', '=', 'run').executeTakeFirstOrThrow();
  return row.value;
}

/** The run and four random bytes: a cursor of seq and nonce cannot exist in a history that took another turn. */
const newNonce = async (trx: Db): Promise<string> => (await currentRun(trx)) + randomBytes(4).toString('hex');

/** Writes the changes' rows, one for each node, numbered from `first` on. */
export async function recordChanges(trx: Db, userId: UserId, first: number, nodeIds: readonly NodeId[]): Promise<void> {
  const nonce = await newNonce(trx);
  const rows = nodeIds.map((node_id, i) => ({ user_id: userId, seq: first + i, node_id, nonce }));
  await insertRows(trx, 'changes', ['user_id', 'seq', 'node_id', 'nonce'], rows);
}

/**
 * The same for every row of `inside`, a CTE with the column `id`, set by set: ten thousand nodes are one statement.
 * The nodes are then stamped from these rows, which `between(first, last)` finds.
 */
export async function recordInside(trx: Db, userId: UserId, first: number, inside: RawBuilder<unknown>): Promise<void> {
  const nonce = await newNonce(trx);
  await sql`${inside} insert into changes (user_id, seq, node_id, nonce)
    select ${userId}, ${first - 1} + row_number() over (order by id), id, ${nonce} from inside`.execute(trx);
}
