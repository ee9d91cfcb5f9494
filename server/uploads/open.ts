import { v7 as uuid } from 'uuid';
import { partSizeFor } from '../../shared/api/limits.ts';
import type { OpenUpload, UploadStatus } from '../../shared/api/uploads.ts';
import { ContentId, type UserId } from '../../shared/ids.ts';
import { wireName } from '../../shared/names.ts';
import { objectKey } from '../content/objectKey.ts';
import { lockUser } from '../db/locks.ts';
import type { Db } from '../db/schema.ts';
import { tooLarge } from '../quota/fileLimit.ts';
import { reserve } from '../quota/reservation.ts';
import { Refusal } from '../refusal.ts';
import type { Services } from '../services.ts';
import { nodesById } from '../tree/neighbours.ts';
import { planFiles } from '../tree/putFiles.ts';
import { beginLive } from './live.ts';
import { findUpload, SESSION_MS, uploadMismatch } from './session.ts';
import { uploadStatus } from './status.ts';

/**
 * Opens an upload and reserves the space it will take. Opening again with the same id answers with the session as it
 * stands. What completing would refuse, as far as it can be known without the content, is refused here already.
 */
export async function openUpload(services: Services, userId: UserId, wanted: OpenUpload): Promise<UploadStatus> {
  const { maxFileBytes } = services.config;
  if (wanted.size > maxFileBytes) throw tooLarge(maxFileBytes);
  const opened = await insertWhereItFits(services, userId, wanted);
  const upload = await findUpload(services.db.read, userId, wanted.uploadId);
  if (opened) await beginLive(services, upload);
  if (upload.node_id !== wanted.nodeId || upload.size !== wanted.size) {
    throw uploadMismatch('An upload with this id is open for another file. Open it under a new id.');
  }
  return uploadStatus(services, upload);
}

/** The disk is asked before the client reads its file, and not at all for a session that is there already. */
async function insertWhereItFits(services: Services, userId: UserId, wanted: OpenUpload): Promise<boolean> {
  const { db, claims } = services;
  const { uploadId, size } = wanted;
  const known = await db.read.selectFrom('uploads').select('id').where('id', '=', uploadId).executeTakeFirst();
  if (known) return false;
  await claims.claim(uploadId, size);
  try {
    return await db.progress((trx) => insert(trx, userId, wanted, services.content.forUpload()));
  } catch (error) {
    claims.drop(uploadId);
    throw error;
  }
}

/** False when the session is there already. */
async function insert(trx: Db, userId: UserId, wanted: OpenUpload, store: string): Promise<boolean> {
  await lockUser(trx, userId);
  const existing = await trx.selectFrom('uploads').select('id').where('id', '=', wanted.uploadId).executeTakeFirst();
  if (existing) return false;
  const now = Date.now();
  await checkAhead(trx, userId, wanted, now);
  const current = (await nodesById(trx, userId, [wanted.nodeId])).get(wanted.nodeId);
  const growth = Math.max(0, wanted.size - (current?.state === 'live' ? current.size : 0));
  await reserve(trx, userId, growth);
  const objectId = uuid();
  await trx
    .insertInto('uploads')
    .values({
      id: wanted.uploadId,
      user_id: userId,
      node_id: wanted.nodeId,
      parent_id: wanted.parentId,
      name: wanted.name,
      base_content_rev: wanted.baseContentRev,
      size: wanted.size,
      mtime_ms: wanted.mtimeMs,
      executable: wanted.executable === null ? null : Number(wanted.executable),
      part_size: partSizeFor(wanted.size),
      state: 'open',
      reserved_bytes: growth,
      object_id: objectId,
      object_key: objectKey(userId, wireName(wanted.name), objectId),
      expires_at: now + SESSION_MS,
      store,
    })
    .execute();
  return true;
}

/** A content that no file has, for asking the rules before the content is known. */
const UNKNOWN = ContentId.parse('0'.repeat(64));

async function checkAhead(trx: Db, userId: UserId, wanted: OpenUpload, now: number): Promise<void> {
  const plan = await planFiles(trx, userId, [{ ...wanted, contentId: UNKNOWN }], now);
  const [outcome] = plan.outcomes;
  if (!(outcome instanceof Refusal)) return;
  if (outcome.problem.code === 'base-changed') {
    // A changed base is forgiven where the content turns out to be the same, which an equal size leaves possible.
    const current = (await nodesById(trx, userId, [wanted.nodeId])).get(wanted.nodeId);
    if (current?.state === 'live' && current.kind === 'file' && current.size === wanted.size) return;
  }
  throw outcome;
}
