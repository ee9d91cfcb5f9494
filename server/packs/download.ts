import { frameHead, type PackDownloadRequest, type PackedDownload } from '../../shared/api/packs.ts';
import { problem } from '../../shared/api/problem.ts';
import { MiB } from '../../shared/bytes.ts';
import type { UserId } from '../../shared/ids.ts';
import { contentsOf, type StoredContent } from '../content/objects.ts';
import type { Stores } from '../content/stores.ts';
import type { Services } from '../services.ts';

type Wanted = PackDownloadRequest['files'][number];

/** Files read ahead of the one being sent. */
const AHEAD = 16;
/** Larger ones are streamed in their turn instead. */
const WHOLE_BYTES = MiB;

/** The frames of a pack, in the order asked for, read while they are sent. What is not there says so. */
export async function downloadPack(
  services: Services,
  userId: UserId,
  files: readonly Wanted[],
): Promise<AsyncIterable<Uint8Array>> {
  const found = new Map(
    (await contentsOf(services.db.read, userId, files)).map((file) => [`${file.nodeId} ${file.contentId}`, file]),
  );
  return frames(
    services.content,
    files.map((wanted) => ({ wanted, stored: found.get(`${wanted.nodeId} ${wanted.contentId}`) })),
  );
}

interface Entry {
  readonly wanted: Wanted;
  readonly stored: StoredContent | undefined;
}

async function* frames(content: Stores, entries: readonly Entry[]): AsyncGenerator<Uint8Array> {
  const reading: Promise<Buffer | undefined>[] = [];
  for (const [i, { wanted, stored }] of entries.entries()) {
    for (let next = reading.length; next < Math.min(entries.length, i + AHEAD); next += 1) {
      reading.push(readAhead(content, entries[next]?.stored));
    }
    if (!stored) {
      yield missing(wanted);
      continue;
    }
    const header: PackedDownload = { ...wanted, size: stored.size };
    const head = frameHead(header);
    const whole = await reading[i];
    if (whole) {
      yield Buffer.concat([head, whole]);
    } else {
      yield head;
      for await (const bytes of await content.of(stored.store).read(stored.key, 0, stored.size))
        yield Buffer.from(bytes);
    }
  }
}

function readAhead(content: Stores, stored: StoredContent | undefined): Promise<Buffer | undefined> {
  if (!stored || stored.size > WHOLE_BYTES) return Promise.resolve(undefined);
  const bytes = content.of(stored.store).readWhole(stored.key, stored.size);
  // A failure is met in its turn.
  bytes.catch(() => undefined);
  return bytes;
}

function missing(wanted: Wanted): Uint8Array {
  const header: PackedDownload = {
    ...wanted,
    size: 0,
    problem: problem('not-found', 'This version is not stored here. Look again.'),
  };
  return frameHead(header);
}
