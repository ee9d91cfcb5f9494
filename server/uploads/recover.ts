import type { ExpectedPart } from '../content/checking/messages.ts';
import type { Services } from '../services.ts';
import { type PlannedPart, sentChunks } from './planned.ts';
import type { Upload } from './session.ts';

/**
 * Parts whose bytes an earlier run of the server has left on the disk. Nothing that was not synced is believed: each
 * is hashed again.
 */
export async function receivedBefore(
  services: Services,
  upload: Upload,
  parts: readonly PlannedPart[],
): Promise<number[]> {
  const staged = services.content.staged(upload.id);
  // The run may have ended between putting the object in its place and recording it.
  await staged.reclaim(upload.object_key);
  const expected: ExpectedPart[] = [];
  for (const part of parts) {
    if (part.send.length === 0) continue;
    const chunks = await sentChunks(services.db.read, upload.id, part);
    expected.push({ part: part.part, ranges: part.send, chunks });
  }
  return expected.length === 0 ? [] : staged.check(expected);
}
