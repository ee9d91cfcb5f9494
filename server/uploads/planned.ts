import type { Selectable } from 'kysely';
import type { Part } from '../../shared/api/uploads.ts';
import type { UploadId } from '../../shared/ids.ts';
import type { PlacedChunk } from '../content/store.ts';
import type { Db, Schema } from '../db/schema.ts';
import type { CopyRun } from './plan.ts';

/** A part of an upload's plan as it is recorded. */
export interface PlannedPart extends Part {
  readonly firstChunk: number;
  readonly chunkCount: number;
  readonly copies: readonly CopyRun[];
  /** What a bucket has of it: chunks of those that the client sends; for one on the disk the disk knows. */
  readonly booked: 'whole' | number;
}

type PartRow = Selectable<Schema['upload_parts']>;

const partOf = (row: PartRow): PlannedPart => ({
  part: row.part,
  offset: row.position,
  length: row.length,
  send: JSON.parse(row.send),
  firstChunk: row.first_chunk,
  chunkCount: row.chunk_count,
  copies: JSON.parse(row.copies),
  booked: row.etag === null ? row.there : 'whole',
});

/** The parts planned so far, in order. */
export async function plannedParts(db: Db, id: UploadId): Promise<PlannedPart[]> {
  const rows = await db.selectFrom('upload_parts').selectAll().where('upload_id', '=', id).orderBy('part').execute();
  return rows.map(partOf);
}

export async function plannedPart(db: Db, id: UploadId, part: number): Promise<PlannedPart | undefined> {
  const row = await db
    .selectFrom('upload_parts')
    .selectAll()
    .where('upload_id', '=', id)
    .where('part', '=', part)
    .executeTakeFirst();
  return row && partOf(row);
}

/** The chunks that the client sends for a part, in the order of its body. */
export async function sentChunks(db: Db, id: UploadId, part: PlannedPart): Promise<PlacedChunk[]> {
  const chunks = await db
    .selectFrom('upload_chunks')
    .select(['hash', 'position', 'length'])
    .where('upload_id', '=', id)
    .where('n', '>=', part.firstChunk)
    .where('n', '<', part.firstChunk + part.chunkCount)
    .orderBy('n')
    .execute();
  return chunks.filter(({ position }) =>
    part.send.some(([offset, length]) => position >= offset && position < offset + length),
  );
}
