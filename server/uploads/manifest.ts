import { sql } from 'kysely';
import { copiedPartSizeFor } from '../../shared/api/limits.ts';
import type { AppendManifest, ManifestResponse, Part } from '../../shared/api/uploads.ts';
import { MAX_CHUNK_BYTES } from '../../shared/chunking/fastcdc.ts';
import type { UploadId, UserId } from '../../shared/ids.ts';
import { insertRows } from '../db/insertRows.ts';
import { lockUser } from '../db/locks.ts';
import type { Db } from '../db/schema.ts';
import type { Services } from '../services.ts';
import { liveUpload } from './live.ts';
import { type PartPlan, type PlannedChunk, planParts } from './plan.ts';
import { type PlannedPart, plannedParts } from './planned.ts';
import { findUpload, type Upload, uploadMismatch } from './session.ts';

/** Takes the next piece of a file's chunk list and answers with the parts that became final with it. */
export async function appendManifest(
  services: Services,
  userId: UserId,
  id: UploadId,
  piece: AppendManifest,
): Promise<ManifestResponse> {
  const upload = await findUpload(services.db.read, userId, id);
  if (upload.state === 'completed') return { parts: [] };
  const live = await liveUpload(services, upload);
  const { parts, fresh } = await services.db.progress((trx) => append(trx, userId, id, piece));
  live.copies.add(fresh);
  if (fresh.some((part) => part.send.length > 0)) live.copies.start();
  return { parts };
}

interface Appended {
  readonly parts: Part[];
  readonly fresh: readonly PlannedPart[];
}

async function append(trx: Db, userId: UserId, id: UploadId, piece: AppendManifest): Promise<Appended> {
  await lockUser(trx, userId);
  const upload = await findUpload(trx, userId, id);
  const repeated = await checkKnown(trx, upload, piece);
  const chunks = piece.chunks.slice(Math.max(0, upload.chunk_count - piece.from));
  if (upload.manifest_whole === 1) {
    if (chunks.length > 0) throw uploadMismatch('The list of chunks was declared whole before. Open a new upload.');
    return { parts: repeated, fresh: [] };
  }
  let position = upload.chunk_bytes;
  const rows = chunks.map(([hash, length], i) => {
    const row = { upload_id: id, n: upload.chunk_count + i, hash, position, length };
    position += length;
    return row;
  });
  if (rows.some((row) => row.length > MAX_CHUNK_BYTES))
    throw uploadMismatch('A chunk is too long. Chunk the file again.');
  if (piece.last ? position !== upload.size : position > upload.size) {
    throw uploadMismatch('The chunks do not add up to the size of the file. Open a new upload.');
  }
  await insertRows(trx, 'upload_chunks', ['upload_id', 'n', 'hash', 'position', 'length'], rows);

  const pending = await pendingChunks(trx, userId, upload);
  const plans = planParts(
    pending.chunks,
    pending.position,
    upload.part_size,
    piece.last,
    copiedPartSizeFor(upload.size),
  );
  const fresh = await insertParts(trx, upload, plans);
  await trx
    .updateTable('uploads')
    .set({
      chunk_count: upload.chunk_count + rows.length,
      chunk_bytes: position,
      manifest_whole: piece.last ? 1 : 0,
      planned_chunks: upload.planned_chunks + plans.reduce((sum, plan) => sum + plan.chunkCount, 0),
    })
    .where('id', '=', id)
    .execute();
  return { parts: [...repeated, ...fresh.map(toldOf)], fresh };
}

/** Holds repeated chunks against those known; returns the parts that an answer lost on the way may have named. */
async function checkKnown(trx: Db, upload: Upload, piece: AppendManifest): Promise<Part[]> {
  if (piece.from > upload.chunk_count) {
    throw uploadMismatch(`The chunks from number ${upload.chunk_count} on are missing. Send those first.`);
  }
  if (piece.from === upload.chunk_count && !(upload.manifest_whole === 1)) return [];
  const known = await trx
    .selectFrom('upload_chunks')
    .select(['hash', 'length'])
    .where('upload_id', '=', upload.id)
    .where('n', '>=', piece.from)
    .where('n', '<', piece.from + piece.chunks.length)
    .orderBy('n')
    .execute();
  const same = known.every((chunk, i) => {
    const given = piece.chunks[i];
    return given !== undefined && given[0] === chunk.hash && given[1] === chunk.length;
  });
  if (!same) throw uploadMismatch('These chunks were different before. The file has changed: open a new upload.');
  const parts = await plannedParts(trx, upload.id);
  return parts.filter(({ firstChunk, chunkCount }) => firstChunk + chunkCount >= piece.from).map(toldOf);
}

interface Pending {
  readonly position: number;
  readonly chunks: PlannedChunk[];
}

/** Chunks that are in no part yet, each with where the same user's objects have it. One query. */
async function pendingChunks(trx: Db, userId: UserId, upload: Upload): Promise<Pending> {
  const { rows } = await sql<{ position: number; length: number; objectId: string | null; from: number | null }>`
    select u.position, u.length, o.id as "objectId", c.position as "from"
    from upload_chunks u
    left join chunks c on c.user_id = ${userId} and c.hash = u.hash and c.length = u.length
    left join objects o on o.id = c.object_id
    where u.upload_id = ${upload.id} and u.n >= ${upload.planned_chunks}
    order by u.n`.execute(trx);
  const chunks = rows.map(({ length, objectId, from }) => ({
    length,
    source: objectId !== null && from !== null ? { objectId, position: from } : undefined,
  }));
  return { position: rows[0]?.position ?? upload.chunk_bytes, chunks };
}

/** What the client is told of a part. */
const toldOf = ({ part, offset, length, send }: PlannedPart): Part => ({ part, offset, length, send });

async function insertParts(trx: Db, upload: Upload, plans: readonly PartPlan[]): Promise<PlannedPart[]> {
  if (plans.length === 0) return [];
  const { count } = await trx
    .selectFrom('upload_parts')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('upload_id', '=', upload.id)
    .executeTakeFirstOrThrow();
  let firstChunk = upload.planned_chunks;
  const rows = plans.map((plan, i) => {
    const row = {
      upload_id: upload.id,
      part: count + i,
      position: plan.position,
      length: plan.length,
      first_chunk: firstChunk,
      chunk_count: plan.chunkCount,
      send: JSON.stringify(plan.send),
      copies: JSON.stringify(plan.copies),
    };
    firstChunk += plan.chunkCount;
    return row;
  });
  await insertRows(trx, 'upload_parts', PART_COLUMNS, rows);
  return plans.map((plan, i) => ({
    part: count + i,
    offset: plan.position,
    length: plan.length,
    send: plan.send.map(([offset, length]) => [offset, length]),
    firstChunk: rows[i]?.first_chunk ?? 0,
    chunkCount: plan.chunkCount,
    copies: plan.copies,
    booked: 0,
  }));
}

const PART_COLUMNS = [
  'upload_id',
  'part',
  'position',
  'length',
  'first_chunk',
  'chunk_count',
  'send',
  'copies',
] as const;
