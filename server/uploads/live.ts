import type { Node } from '../../shared/api/nodes.ts';
import type { Services } from '../services.ts';
import { type CopyLine, copyLine } from './copies.ts';
import { plannedParts } from './planned.ts';
import { receivedBefore } from './recover.ts';
import type { Upload } from './session.ts';
import { stagedPart } from './sources.ts';
import { type SyncBehind, syncBehind } from './syncBehind.ts';

/**
 * What this run of the server knows of an open upload besides its rows. Which parts have been received lives here and
 * not in the database: the staged bytes are the truth, and after a restart they are hashed again anyway.
 */
export interface LiveUpload {
  readonly received: Set<number>;
  /** Chunks from the first on that have arrived of a part that broke off: a client that asks sends only the rest. */
  readonly begun: Map<number, number>;
  readonly copies: CopyLine;
  /** Parts being received; a second request for one takes over from the first. */
  readonly receiving: Map<number, { readonly abort: AbortController; readonly ended: Promise<unknown> }>;
  readonly behind: SyncBehind;
  completing: Promise<Node> | undefined;
}

/**
 * What this run knows of an open upload. One from an earlier run is checked first: its staged bytes are hashed, and
 * only what is there counts as received.
 */
export function liveUpload(services: Services, upload: Upload): Promise<LiveUpload> {
  return services.uploads.take(upload.id, () => resume(services, upload));
}

/** A session that was opened just now: there is nothing to check. */
export async function beginLive(services: Services, upload: Upload): Promise<void> {
  await services.uploads.take(upload.id, async () => newLiveUpload(services, upload));
}

async function resume(services: Services, upload: Upload): Promise<LiveUpload> {
  const parts = await plannedParts(services.db.read, upload.id);
  const live = newLiveUpload(services, upload);
  await receivedBefore(services, upload, parts, live);
  live.copies.add(parts);
  if (parts.some((part) => part.send.length > 0)) live.copies.start();
  return live;
}

function newLiveUpload(services: Services, { id, store }: Upload): LiveUpload {
  const received = new Set<number>();
  const begun = new Map<number, number>();
  const staged = services.content.of(store).staged(id);
  const behind = syncBehind(staged, async (error) => {
    services.log.error({ err: error, upload: id }, 'an upload could not be brought to the disk; it begins again');
    services.uploads.delete(id);
    received.clear();
    begun.clear();
    await copies.stop();
    await staged.discard();
  });
  const copies = copyLine(staged, (part) => stagedPart(services.db.read, part), behind.wrote);
  return { received, begun, copies, behind, receiving: new Map(), completing: undefined };
}
