import { ChunkVerifier } from '../content/receiving/chunkVerifier.ts';
import type { Services } from '../services.ts';
import { type PlannedPart, sentChunks } from './planned.ts';
import type { Upload } from './session.ts';

/**
 * Parts whose bytes an earlier run of the server has left on the disk. Nothing that was not synced is believed: each
 * is hashed again. What was never received fails at its first chunk, so a hole costs little.
 */
export async function receivedBefore(
  services: Services,
  upload: Upload,
  parts: readonly PlannedPart[],
): Promise<number[]> {
  const staged = services.content.staged(upload.id);
  // The run may have ended between putting the object in its place and recording it.
  await staged.reclaim(upload.object_key);
  const received: number[] = [];
  for (const part of parts) {
    if (part.send.length > 0 && (await isThere(services, upload, part))) received.push(part.part);
  }
  return received;
}

async function isThere(services: Services, upload: Upload, part: PlannedPart): Promise<boolean> {
  const staged = services.content.staged(upload.id);
  const verifier = new ChunkVerifier(await sentChunks(services.db.read, upload.id, part));
  for (const [offset, length] of part.send) {
    for await (const bytes of await staged.read(offset, length)) {
      verifier.update(bytes);
      if (!verifier.sound) return false;
    }
  }
  return verifier.whole;
}
