import { v7 as uuid } from 'uuid';
import { GiB } from '../../shared/bytes.ts';
import type { Chunk } from '../../shared/chunking/contentId.ts';
import type { UserId } from '../../shared/ids.ts';
import { encodeChunkList } from '../content/chunkList.ts';
import type { ObjectKey } from '../content/store.ts';
import type { Db } from '../db/schema.ts';
import type { Services } from '../services.ts';
import type { FilePut } from '../tree/putFiles.ts';

/** What of one user's is kept in quarantine at most; the oldest goes first. It counts towards nobody's quota. */
const LIMIT_BYTES = 2 * GiB;

/** Content that may not be stored, and the file that it was to be. */
export interface Suspect {
  readonly put: FilePut;
  readonly chunks: readonly Chunk[];
  /** What is wrong with it, as the scanner says. */
  readonly why: string;
  /** Which store its bytes are brought into. */
  readonly store: string;
}

/**
 * Keeps content apart; `bring` puts its bytes, durably, where it is told to. Content that is kept already is not brought
 * again. Never refuses: what cannot be kept is not, and its owner hears the same.
 */
export async function keepApart(
  services: Services,
  userId: UserId,
  suspect: Suspect,
  bring: (key: ObjectKey) => Promise<void>,
): Promise<void> {
  const { db, log, clock } = services;
  if (suspect.put.size > LIMIT_BYTES) return;
  try {
    const id = uuid();
    const key = `quarantine/${userId}/${id}`;
    if (!(await announce(db.write, userId, id, key, suspect, clock.now()))) return;
    await makeRoom(db.write, userId, suspect.put.size);
    await bring(key);
    await db.write.updateTable('quarantine').set({ state: 'held' }).where('id', '=', id).execute();
  } catch (error) {
    log.error({ err: error }, 'a file could not be put into quarantine');
  }
}

/**
 * The row comes first: bytes that no row names would stay for ever. False when this content has a row, so that of two
 * requests at once one brings it.
 */
async function announce(
  db: Db,
  userId: UserId,
  id: string,
  key: ObjectKey,
  { put, chunks, why, store }: Suspect,
  at: number,
): Promise<boolean> {
  const { contentId, size, ...draft } = put;
  const said = { why, draft: JSON.stringify(draft), at };
  const object = { content_id: contentId, size, chunk_list: encodeChunkList(chunks) };
  const row = await db
    .insertInto('quarantine')
    .values({ id, user_id: userId, state: 'arriving', store, key, ...object, ...said })
    .onConflict((conflict) =>
      conflict.columns(['user_id', 'content_id']).doUpdateSet(said).where('quarantine.state', '=', 'held'),
    )
    .returning('id')
    .executeTakeFirst();
  return row?.id === id;
}

async function makeRoom(db: Db, userId: UserId, bytes: number): Promise<void> {
  const held = await db
    .selectFrom('quarantine')
    .select(['id', 'size'])
    .where('user_id', '=', userId)
    .where('state', '=', 'held')
    .orderBy('at')
    .execute();
  let sum = held.reduce((all, { size }) => all + size, bytes);
  for (const { id, size } of held) {
    if (sum <= LIMIT_BYTES) return;
    await db.updateTable('quarantine').set({ state: 'gone' }).where('id', '=', id).execute();
    sum -= size;
  }
}

/** Whether an administrator has let go of this content of the user's: then it is not looked at again. */
export async function isReleased(db: Db, userId: UserId, contentId: string): Promise<boolean> {
  const row = await db
    .selectFrom('quarantine')
    .select('state')
    .where('user_id', '=', userId)
    .where('content_id', '=', contentId as FilePut['contentId'])
    .executeTakeFirst();
  return row?.state === 'released' || row?.state === 'freed';
}
