import type { ContentId, NodeId, UserId } from '../../shared/ids.ts';
import { isNotThere } from '../content/notThere.ts';
import type { Readers } from '../content/readers.ts';
import type { StoreReader } from '../content/store.ts';
import type { Db } from '../db/schema.ts';
import { isReleased } from '../quarantine/keep.ts';
import type { ClamdAddress } from '../settings/screening.ts';
import { editNode } from '../tree/edit.ts';
import { scan, type Verdict } from './clamd.ts';

const AT_A_TIME = 200;

/** Stored content that the scanner objects to by now. */
export interface Suspicion {
  readonly userId: UserId;
  readonly contentId: ContentId;
  readonly key: string;
  readonly verdict: Exclude<Verdict, { type: 'clean' }>;
  /** Live files that show it. Where there are none, only the trash or earlier versions do. */
  readonly files: readonly { readonly id: NodeId; readonly name: string }[];
}

/** How far it has come. */
export interface Looked {
  objects: number;
  bytes: number;
}

/**
 * Has the scanner look again at everything that is stored: it may know more than when that came in. Changes nothing.
 * What an administrator has released is left out. Throws ClamdUnreachable.
 */
export async function* rescan(db: Db, stores: Readers, at: ClamdAddress, looked: Looked): AsyncGenerator<Suspicion> {
  for (let after = ''; ; ) {
    const rows = await db
      .selectFrom('objects')
      .select(['id', 'user_id', 'content_id', 'store', 'key', 'size'])
      .where('id', '>', after)
      .orderBy('id')
      .limit(AT_A_TIME)
      .execute();
    for (const { user_id: userId, content_id: contentId, store, key, size } of rows) {
      if (await isReleased(db, userId, contentId)) continue;
      const verdict = await verdictOn(stores.of(store), key, size, at);
      if (!verdict) continue;
      looked.objects += 1;
      looked.bytes += size;
      if (verdict.type === 'clean') continue;
      yield { userId, contentId, key, verdict, files: await filesShowing(db, userId, contentId) };
    }
    const last = rows.at(-1);
    if (!last) return;
    after = last.id;
  }
}

/** Undefined when a running server has let go of it meanwhile, or it is missing: `check` tells of that. */
async function verdictOn(
  store: StoreReader | null,
  key: string,
  size: number,
  at: ClamdAddress,
): Promise<Verdict | undefined> {
  try {
    return store === null ? undefined : await scan(at, await store.read(key, 0, size));
  } catch (error) {
    if (isNotThere(error)) return undefined;
    throw error;
  }
}

const filesShowing = (db: Db, userId: UserId, contentId: ContentId) =>
  db
    .selectFrom('nodes')
    .select(['id', 'name'])
    .where('user_id', '=', userId)
    .where('content_id', '=', contentId)
    .where('state', '=', 'live')
    .orderBy('name')
    .execute();

/** Puts the files that show infected content into their owner's trash. Returns how many. */
export async function trashInfected(db: Db, { userId, verdict, files }: Suspicion): Promise<number> {
  if (verdict.type !== 'infected') return 0;
  for (const { id } of files) await editNode(db, userId, id, () => undefined, { state: 'trashed' });
  return files.length;
}
