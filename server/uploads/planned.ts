import type { Selectable } from 'kysely';
import type { ByteRange, Part } from '../../shared/api/uploads.ts';
import type { UploadId } from '../../shared/ids.ts';
import type { ExpectedChunk } from '../content/receiving/chunkVerifier.ts';
import type { Db, Schema } from '../db/schema.ts';
import type { CopyRun } from './plan.ts';

/** A part of an upload's plan as it is recorded. */
export interface PlannedPart extends Part {
  readonly firstChunk: number;
  readonly chunkCount: number;
  readonly copies: readonly CopyRun[];
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

export interface SentChunk extends ExpectedChunk {
  readonly position: number;
}

/** Where these chunks lie, neighbours as one. */
export function rangesOf(chunks: readonly SentChunk[]): ByteRange[] {
  const ranges: [number, number][] = [];
  for (const { position, length } of chunks) {
    const last = ranges.at(-1);
    if (last && last[0] + last[1] === position) last[1] += length;
    else ranges.push([position, length]);
  }
  return ranges;
}

/** The chunks that the client sends for a part, in the order of its body. */
export async function sentChunks(db: Db, id: UploadId, part: PlannedPart): Promise<SentChunk[]> {
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
