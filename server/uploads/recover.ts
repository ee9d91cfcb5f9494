import type { ExpectedPart } from '../content/checking/messages.ts';
import type { Db } from '../db/schema.ts';
import type { Services } from '../services.ts';
import type { LiveUpload } from './live.ts';
import { type PlannedPart, sentChunks } from './planned.ts';
import type { Upload } from './session.ts';

/**
 * Notes what an earlier run of the server has left on the disk. Nothing that was not synced is believed: each part is
 * hashed again.
 */
export async function receivedBefore(
  services: Services,
  upload: Upload,
  parts: readonly PlannedPart[],
  live: Pick<LiveUpload, 'received' | 'begun'>,
): Promise<void> {
  const staged = services.content.of(upload.store).staged(upload.id);
  // The run may have ended between putting the object in its place and recording it.
  await staged.reclaim(upload.object_key);
  const expected: ExpectedPart[] = [];
  for (const part of parts) {
    if (part.send.length === 0) continue;
    const chunks = await sentChunks(services.db.read, upload.id, part);
    expected.push({ part: part.part, ranges: part.send, chunks });
  }
  if (expected.length === 0) return;
  const found = await staged.check(expected);
  for (const [i, { part, chunks }] of expected.entries()) note(live, part, found[i] ?? 0, chunks.length);
}

/**
 * Notes what the rows say that a bucket has of these parts. They are the truth of such an upload, since another copy of
 * the server may have received some.
 */
export async function noteBooked(
  db: Db,
  upload: Upload,
  live: Pick<LiveUpload, 'received' | 'begun'>,
  parts: readonly PlannedPart[],
): Promise<void> {
  if (upload.store !== 's3') return;
  for (const part of parts) {
    live.received.delete(part.part);
    if (part.send.length === 0) continue;
    if (part.booked === 'whole') note(live, part.part, 0, 0);
    else note(live, part.part, part.booked, (await sentChunks(db, upload.id, part)).length);
  }
}

/** So many chunks of a part are there, from the first on. */
export function note(
  { received, begun }: Pick<LiveUpload, 'received' | 'begun'>,
  part: number,
  chunks: number,
  of: number,
): void {
  begun.delete(part);
  if (chunks === of) received.add(part);
  else if (chunks > 0) begun.set(part, chunks);
}
