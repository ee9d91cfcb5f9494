import { sql } from 'kysely';
import type { Activity } from '../../shared/api/storage.ts';
import type { NodeId, UserId } from '../../shared/ids.ts';
import { nowMs } from '../db/dialect.ts';
import type { Db } from '../db/schema.ts';
import { currentActor } from './actor.ts';

/** Goes into a change of a user's own row: the audit's triggers take from there who made it. */
export const acted = () => ({ acting: currentActor(), acted: sql<number>`acted + 1` });

export interface Event {
  /** null: of nobody who is known. */
  readonly userId: UserId | null;
  readonly action: Activity['action'];
  readonly nodeId?: NodeId;
  readonly path?: string;
  readonly detail?: string;
  /** Default: who acts. */
  readonly by?: string;
}

/** Adds to the audit what no trigger sees. In the transaction of what it tells of, where there is one. */
export async function recordEvent(db: Db, { userId, action, nodeId, path, detail, by }: Event): Promise<void> {
  await db
    .insertInto('audit')
    .values({
      at: nowMs(db),
      user_id: userId,
      action,
      node_id: nodeId ?? null,
      path: path ?? null,
      by: by ?? currentActor(),
      detail: detail ?? null,
    })
    .execute();
}
