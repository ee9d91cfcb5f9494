import { hash } from 'node:crypto';
import type { Node } from '../../shared/api/nodes.ts';
import { type Chunk, contentIdText } from '../../shared/chunking/contentId.ts';
import type { ContentId, UploadId, UserId } from '../../shared/ids.ts';
import { insertObjects, storedContents } from '../content/objects.ts';
import { lockUser } from '../db/locks.ts';
import type { Db } from '../db/schema.ts';
import { isDiskFull } from '../diskFull.ts';
import { keepApart } from '../quarantine/keep.ts';
import { release } from '../quota/reservation.ts';
import { Refusal, refuse } from '../refusal.ts';
import type { Services } from '../services.ts';
import { type FilePut, planFiles, writeFiles } from '../tree/putFiles.ts';
import { endWithoutFile } from './end.ts';
import { type LiveUpload, liveUpload } from './live.ts';
import { plannedParts } from './planned.ts';
import { noteBooked } from './recover.ts';
import { findUpload, type Upload, uploadMismatch } from './session.ts';
import { storedResult } from './status.ts';

/**
 * Makes the file of an upload: everything is there, is what the content id says, and is durable before the answer.
 * Asked again it answers the same; asked twice at once, one does the work.
 */
export async function completeUpload(
  services: Services,
  userId: UserId,
  id: UploadId,
  contentId: ContentId,
): Promise<Node> {
  const upload = await findUpload(services.db.read, userId, id);
  if (upload.state === 'completed') return storedResult(upload);
  const live = await liveUpload(services, upload);
  live.completing ??= complete(services, upload, live, contentId).finally(() => {
    live.completing = undefined;
  });
  return live.completing;
}

async function complete(services: Services, stale: Upload, live: LiveUpload, contentId: ContentId): Promise<Node> {
  const { db, content } = services;
  const upload = await findUpload(db.read, stale.user_id, stale.id);
  if (upload.state === 'completed') return storedResult(upload);
  const chunks = await wholeManifest(db.read, upload, contentId);
  await checkRules(db.read, upload, contentId);

  const staged = content.of(upload.store).staged(upload.id);
  const stored = (await storedContents(db.read, upload.user_id, [contentId])).has(contentId);
  if (!stored) {
    await checkParts(db.read, upload, live);
    await live.copies.finish();
    await live.behind.idle();
    await checkParts(db.read, upload, live);
    await staged.publish(upload.object_key, upload.size);
    await passScreen(services, upload, live, contentId, chunks);
  }
  let outcome: { readonly node: Node; readonly shared: boolean };
  try {
    outcome = await db.write.transaction().execute((trx) => record(trx, upload, contentId, chunks, !stored));
  } catch (error) {
    // After a fault nobody knows what was committed: the object stays, and the next request looks again.
    if (!(error instanceof Refusal || isDiskFull(error))) services.uploads.delete(upload.id);
    else if (!stored) await staged.reclaim(upload.object_key);
    throw error;
  }
  services.uploads.delete(upload.id);
  services.claims.drop(upload.id);
  services.wakeups.changed(upload.user_id);
  if (stored) {
    await live.copies.stop();
    await staged.discard();
  } else if (outcome.shared) {
    await content.of(upload.store).remove([upload.object_key]);
  }
  return outcome.node;
}

/** What may not be stored ends the upload, and is kept apart or goes; where the scanner is away it waits in staging. */
async function passScreen(
  services: Services,
  upload: Upload,
  live: LiveUpload,
  contentId: ContentId,
  chunks: readonly Chunk[],
): Promise<void> {
  const { screen, content } = services;
  const { user_id, name, object_key: key, size, store } = upload;
  const read = (length: number) => content.of(store).read(key, 0, length);
  const objection = await screen?.check(user_id, name, { contentId, size, read });
  if (!objection) return;
  const { refusal, quarantine } = objection;
  if (refusal.problem.code === 'unavailable') await content.of(store).staged(upload.id).reclaim(key);
  else {
    await live.copies.stop();
    if (quarantine !== null) {
      const suspect = { put: putOf(upload, contentId), chunks, why: quarantine, store };
      await keepApart(services, user_id, suspect, (apart) => content.of(store).copy({ store, key }, apart, size));
    }
    services.uploads.delete(upload.id);
    services.claims.drop(upload.id);
    await endWithoutFile(services, upload);
  }
  throw refusal;
}

async function wholeManifest(db: Db, upload: Upload, contentId: ContentId): Promise<Chunk[]> {
  if (upload.manifest_whole !== 1) throw uploadMismatch('The list of chunks is not whole. Send the rest of it.');
  const rows = await db
    .selectFrom('upload_chunks')
    .select(['hash', 'length'])
    .where('upload_id', '=', upload.id)
    .orderBy('n')
    .execute();
  const chunks = rows.map(({ hash: chunk, length }): Chunk => [chunk, length]);
  if (hash('sha256', contentIdText(upload.size, chunks), 'hex') !== contentId) {
    throw refuse('hash-mismatch', 'The content is not what its id says. Read the file again and open a new upload.');
  }
  return chunks;
}

async function checkParts(db: Db, upload: Upload, live: LiveUpload): Promise<void> {
  const parts = await plannedParts(db, upload.id);
  await noteBooked(db, upload, live, parts);
  const missing = parts.filter((part) => part.send.length > 0 && !live.received.has(part.part)).length;
  if (missing > 0)
    throw uploadMismatch(`${missing} of ${parts.length} parts are missing. Ask for the upload's status.`);
}

const putOf = (upload: Upload, contentId: ContentId): FilePut => ({
  nodeId: upload.node_id,
  parentId: upload.parent_id,
  name: upload.name,
  baseContentRev: upload.base_content_rev,
  size: upload.size,
  mtimeMs: upload.mtime_ms,
  executable: upload.executable === null ? null : upload.executable === 1,
  contentId,
});

/** Refusals that are certain already are told before the work. Space is not: this upload still holds its own. */
async function checkRules(db: Db, upload: Upload, contentId: ContentId): Promise<void> {
  const { outcomes } = await planFiles(db, upload.user_id, [putOf(upload, contentId)], Date.now());
  const [outcome] = outcomes;
  if (outcome instanceof Refusal && outcome.problem.code !== 'quota-exceeded') throw outcome;
}

/** `shared`: the same content had been stored by somebody else meanwhile. */
async function record(trx: Db, upload: Upload, contentId: ContentId, chunks: readonly Chunk[], published: boolean) {
  const userId = upload.user_id;
  const now = Date.now();
  await lockUser(trx, userId);
  await findUpload(trx, userId, upload.id);
  await release(trx, userId, upload.reserved_bytes);
  const plan = await planFiles(trx, userId, [putOf(upload, contentId)], now);
  const shared = (await storedContents(trx, userId, [contentId])).has(contentId);
  if (!shared && !published) throw refuse('unavailable', 'The same content was removed just now. Try again.');
  if (!shared && plan.contents.has(contentId)) {
    const { object_id: objectId, object_key: key, size, store } = upload;
    await insertObjects(trx, userId, [{ contentId, objectId, store, key, size, chunks }], now);
  }
  const [result] = await writeFiles(trx, userId, plan);
  if (!result) throw new Error('A file was put without a result.');
  if (!result.ok) throw new Refusal(result.problem);
  const [node] = result.nodes;
  if (!node) throw new Error('A file was put without a node.');
  await trx
    .updateTable('uploads')
    .set({ state: 'completed', reserved_bytes: 0, result: JSON.stringify(node) })
    .where('id', '=', upload.id)
    .execute();
  await trx.deleteFrom('upload_chunks').where('upload_id', '=', upload.id).execute();
  await trx.deleteFrom('upload_parts').where('upload_id', '=', upload.id).execute();
  return { node, shared };
}
