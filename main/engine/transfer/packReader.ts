import { PACK_MAX_BYTES } from '../../../shared/api/limits.ts';
import { PackedDownload, readFrame } from '../../../shared/api/packs.ts';
import { notDriftless } from './failure.ts';

/**
 * The frames of a downloaded pack, each as soon as it is there. The content is a view that is good until the next
 * frame is asked for. Throws ServerFailure when what arrives is no pack.
 */
export async function* readPack(
  pieces: AsyncIterable<Buffer>,
): AsyncGenerator<{ readonly header: PackedDownload; readonly content: Uint8Array }> {
  let pending: Buffer = Buffer.alloc(0);
  for await (const piece of pieces) {
    pending = pending.length === 0 ? piece : Buffer.concat([pending, piece]);
    let at = 0;
    for (;;) {
      const frame = frameAt(pending, at);
      if (frame === undefined) break;
      yield { header: frame.header, content: pending.subarray(frame.start, frame.end) };
      at = frame.end;
    }
    pending = pending.subarray(at);
  }
  if (pending.length > 0) throw notDriftless('a pack that ends inside a file');
}

function frameAt(bytes: Buffer, at: number): ReturnType<typeof readFrame<PackedDownload>> {
  try {
    return readFrame(bytes, at, parseHeader);
  } catch (error) {
    throw notDriftless('a pack that is none', error);
  }
}

function parseHeader(json: unknown): PackedDownload {
  const header = PackedDownload.parse(json);
  if (header.size > PACK_MAX_BYTES) throw new Error('not a pack: a file is too large');
  return header;
}
