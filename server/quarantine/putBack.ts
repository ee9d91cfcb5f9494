import { v7 as uuid } from 'uuid';
import { NodeId, type UserId } from '../../shared/ids.ts';
import { splitExtension } from '../../shared/names.ts';
import { decodeChunkList } from '../content/chunkList.ts';
import { isNotThere } from '../content/notThere.ts';
import { objectKey } from '../content/objectKey.ts';
import { insertObjects, storedContents } from '../content/objects.ts';
import { lockUser } from '../db/locks.ts';
import type { Db, QuarantineRow } from '../db/schema.ts';
import { Refusal, refuse } from '../refusal.ts';
import type { Services } from '../services.ts';
import { type FilePut, type PutPlan, planFiles, writeFiles } from '../tree/putFiles.ts';
import { draftOf } from './draft.ts';

/**
 * Makes the file that the content was to be. Its bytes are copied, and those in quarantine go once the copy is recorded:
 * a crash leaves one of them. Refused as an upload of it would be; it is held again then.
 */
export async function putBack(services: Services, row: QuarantineRow): Promise<void> {
  const { db, content, wakeups } = services;
  const put: FilePut = { ...draftOf(row), contentId: row.content_id, size: row.size };
  const objectId = uuid();
  const key = objectKey(row.user_id, put.name, objectId);
  try {
    await copy(services, row, key);
    const shared = await db.write.transaction().execute(async (trx) => {
      await lockUser(trx, row.user_id);
      const plan = await placed(trx, row.user_id, put);
      const stored = (await storedContents(trx, row.user_id, [put.contentId])).has(put.contentId);
      if (!stored) {
        const { contentId, size } = put;
        const chunks = decodeChunkList(row.chunk_list);
        const object = { contentId, objectId, store: row.store, key, size, chunks };
        await insertObjects(trx, row.user_id, [object], Date.now());
      }
      await writeFiles(trx, row.user_id, plan);
      await trx.updateTable('quarantine').set({ state: 'released' }).where('id', '=', row.id).execute();
      return stored;
    });
    if (shared) await content.of(row.store).remove([key]);
  } catch (error) {
    // After a fault nobody knows what was committed: the copy stays.
    if (error instanceof Refusal) await content.of(row.store).remove([key]);
    const state = isNotThere(error) ? 'gone' : 'held';
    await db.write
      .updateTable('quarantine')
      .set({ state })
      .where('id', '=', row.id)
      .where('state', '=', 'freed')
      .execute();
    if (isNotThere(error)) throw refuse('not-found', 'The bytes of this file are gone. Have it sent again.');
    throw error;
  }
  wakeups.changed(row.user_id);
}

async function copy({ content }: Services, row: QuarantineRow, key: string): Promise<void> {
  if (row.key === null) throw refuse('not-found', 'The bytes of this file are gone. Have it sent again.');
  await content.of(row.store).copy({ store: row.store, key: row.key }, key, row.size);
}

/** Where it was meant to go; or, when that is taken or has changed since, a file of its own beside it. */
async function placed(trx: Db, userId: UserId, put: FilePut): Promise<PutPlan> {
  const { stem, extension } = splitExtension(put.name);
  const now = Date.now();
  let wanted = put;
  for (let n = 1; ; n += 1) {
    const plan = await planFiles(trx, userId, [wanted], now);
    const [outcome] = plan.outcomes;
    if (!(outcome instanceof Refusal)) return plan;
    const { code, status } = outcome.problem;
    if (status !== 409) throw outcome;
    const parentId = code === 'parent-missing' ? null : wanted.parentId;
    const name = n === 1 ? put.name : `${stem} (${n})${extension}`;
    wanted = { ...put, nodeId: NodeId.parse(uuid()), baseContentRev: null, parentId, name };
  }
}
