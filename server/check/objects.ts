import { hash } from 'node:crypto';
import { contentIdText } from '../../shared/chunking/contentId.ts';
import type { ContentId, UserId } from '../../shared/ids.ts';
import { decodeChunkList } from '../content/chunkList.ts';
import type { Readers } from '../content/readers.ts';
import { ChunkVerifier } from '../content/receiving/chunkVerifier.ts';
import type { StoreReader } from '../content/store.ts';
import { padded } from '../db/lists.ts';
import type { Db } from '../db/schema.ts';
import type { Finding, FindingKind } from './finding.ts';

const AT_A_TIME = 500;
/** A younger file may be one that a running server is about to record, in ms. */
const SETTLED_MS = 3_600_000;

interface ObjectRow {
  readonly user_id: UserId;
  readonly content_id: ContentId;
  readonly id: string;
  readonly store: string;
  readonly key: string;
  readonly size: number;
  readonly chunk_list: Uint8Array;
}

/** Holds every object's row against its file. `deep`: reads the files, too. */
export async function* checkObjects(db: Db, stores: Readers, deep: boolean): AsyncGenerator<Finding> {
  for (let after = ''; ; ) {
    const rows = await db
      .selectFrom('objects')
      .select(['user_id', 'content_id', 'id', 'store', 'key', 'size', 'chunk_list'])
      .where('id', '>', after)
      .orderBy('id')
      .limit(AT_A_TIME)
      .execute();
    for (const row of rows) {
      const fault = await faultOf(row, stores, deep);
      // A running server may have let go of it meanwhile.
      if (fault && (await isStill(db, row.id))) {
        yield { kind: fault.kind, userId: row.user_id, subject: row.key, detail: fault.detail };
      }
    }
    const last = rows.at(-1);
    if (!last) return;
    after = last.id;
  }
}

interface Fault {
  readonly kind: FindingKind;
  readonly detail: string;
}

async function faultOf(row: ObjectRow, stores: Readers, deep: boolean): Promise<Fault | undefined> {
  const chunks = decodeChunkList(row.chunk_list);
  const listed = chunks.reduce((sum, [, length]) => sum + length, 0);
  if (listed !== row.size || hash('sha256', contentIdText(row.size, chunks), 'hex') !== row.content_id) {
    return { kind: 'wrong-chunk-list', detail: '' };
  }
  const store = stores.of(row.store);
  if (!store) return undefined;
  const size = await store.sizeOf(row.key);
  if (size === undefined) return { kind: 'missing-object', detail: '' };
  if (size !== row.size) return { kind: 'wrong-size', detail: `${row.size} bytes recorded, ${size} found` };
  if (!deep) return undefined;
  const verifier = new ChunkVerifier(chunks.map(([chunk, length]) => ({ hash: chunk, length })));
  for await (const bytes of await store.read(row.key, 0, size)) verifier.update(bytes);
  return verifier.whole ? undefined : { kind: 'wrong-content', detail: '' };
}

const isStill = async (db: Db, id: string): Promise<boolean> =>
  (await db.selectFrom('objects').select('id').where('id', '=', id).executeTakeFirst()) !== undefined;

/** Stored files that no row names. */
export async function* checkFiles(db: Db, store: StoreReader, now: number): AsyncGenerator<Finding> {
  for await (const files of store.olderThan(now - SETTLED_MS)) {
    // A store may well have nothing to show on a page.
    if (files.length === 0) continue;
    const ids = padded(files.map(({ id }) => id));
    const objects = await db.selectFrom('objects').select('key').where('id', 'in', ids).execute();
    const uploads = await db.selectFrom('uploads').select('object_key as key').where('state', '=', 'open').execute();
    const named = new Set([...objects, ...uploads].map(({ key }) => key));
    for (const { key } of files) {
      if (!named.has(key)) yield { kind: 'orphan-file', userId: null, subject: key, detail: '' };
    }
  }
}
