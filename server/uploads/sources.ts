import type { CopiedRun, StagedPart, StoredAt } from '../content/store.ts';
import { padded } from '../db/lists.ts';
import type { Db } from '../db/schema.ts';
import type { PlannedPart } from './planned.ts';

/** A part as a store puts it together: its copies by where they lie now. */
export async function stagedPart(db: Db, { part, offset, length, copies }: PlannedPart): Promise<StagedPart> {
  const places = await placesOf(db, [...new Set(copies.map(({ objectId }) => objectId))]);
  const runs = copies.map(({ objectId, from: start, ...run }): CopiedRun => {
    const from = places.get(objectId);
    if (!from) throw new Error(`The object ${objectId}, which an upload copies from, is gone.`);
    return { from, start, length: run.length, position: run.position };
  });
  return { part, offset, length, copies: runs };
}

/** Few: a part holds at most as many runs as chunks. */
async function placesOf(db: Db, ids: readonly string[]): Promise<Map<string, StoredAt>> {
  if (ids.length === 0) return new Map();
  const rows = await db.selectFrom('objects').select(['id', 'store', 'key']).where('id', 'in', padded(ids)).execute();
  return new Map(rows.map(({ id, store, key }) => [id, { store, key }]));
}
