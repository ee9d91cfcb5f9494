import { sql } from 'kysely';
import type { Operation, OperationResult } from '../../shared/api/nodes.ts';
import type { UserId } from '../../shared/ids.ts';
import { lockUser } from '../db/locks.ts';
import type { Db, NodeRow } from '../db/schema.ts';
import { Refusal } from '../refusal.ts';
import { createFolder } from './createFolder.ts';
import { setMetadata } from './metadata.ts';
import { move } from './move.ts';
import { nodeOf } from './node.ts';
import { restore } from './restore.ts';
import { setLibrary } from './setLibrary.ts';
import { trash } from './trash.ts';

/** The transaction in which an operation happens, and whose tree it changes. */
export interface Change {
  readonly trx: Db;
  readonly userId: UserId;
  readonly now: number;
}

/**
 * Does the operations in order, all in one transaction and so one durable commit. Each has a savepoint: a refused one
 * leaves no trace and holds up none of the others.
 */
export async function operate(db: Db, userId: UserId, operations: readonly Operation[]): Promise<OperationResult[]> {
  return db.transaction().execute(async (trx) => {
    await lockUser(trx, userId);
    const change: Change = { trx, userId, now: Date.now() };
    const results: OperationResult[] = [];
    for (const operation of operations) results.push(await attempt(change, operation));
    return results;
  });
}

async function attempt(change: Change, operation: Operation): Promise<OperationResult> {
  await sql`savepoint operation`.execute(change.trx);
  try {
    const rows = await perform(change, operation);
    await sql`release savepoint operation`.execute(change.trx);
    return { ok: true, nodes: rows.map(nodeOf) };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    await sql`rollback to savepoint operation`.execute(change.trx);
    await sql`release savepoint operation`.execute(change.trx);
    return { ok: false, problem: error.problem };
  }
}

/** Returns the rows that the operation names, as they are now. Throws a Refusal. */
export async function perform(change: Change, operation: Operation): Promise<NodeRow[]> {
  switch (operation.type) {
    case 'createFolder':
      return [await createFolder(change, operation)];
    case 'move':
      return move(change, operation.moves);
    case 'setMetadata':
      return [await setMetadata(change, operation)];
    case 'setLibrary':
      return [await setLibrary(change, operation)];
    case 'trash':
      return [await trash(change, operation)];
    case 'restore':
      return restore(change, operation.id);
  }
}
