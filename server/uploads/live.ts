import type { Node } from '../../shared/api/nodes.ts';
import type { UploadId } from '../../shared/ids.ts';
import type { Services } from '../services.ts';
import { type CopyLine, copyLine } from './copies.ts';
import { plannedParts } from './planned.ts';
import { receivedBefore } from './recover.ts';
import type { Upload } from './session.ts';

/**
 * What this run of the server knows of an open upload besides its rows. Which parts have been received lives here and
 * not in the database: the staged bytes are the truth, and after a restart they are hashed again anyway.
 */
export interface LiveUpload {
  readonly received: Set<number>;
  readonly copies: CopyLine;
  /** Parts being received; a second request for one takes over from the first. */
  readonly receiving: Map<number, { readonly abort: AbortController; readonly ended: Promise<unknown> }>;
  /** Bytes written since the staged object was last brought to the disk. */
  unsynced: number;
  syncing: Promise<void> | undefined;
  completing: Promise<Node> | undefined;
}

/** Open uploads of this run. A promise, because an upload from an earlier run is checked before its first use. */
export type LiveUploads = Map<UploadId, Promise<LiveUpload>>;

/**
 * What this run knows of an open upload. One from an earlier run is checked first: its staged bytes are hashed, and
 * only parts that are there count as received.
 */
export function liveUpload(services: Services, upload: Upload): Promise<LiveUpload> {
  const known = services.uploads.get(upload.id);
  if (known) return known;
  const checked = resume(services, upload);
  services.uploads.set(upload.id, checked);
  checked.catch(() => services.uploads.delete(upload.id));
  return checked;
}

/** A session that was opened just now: there is nothing to check. */
export function beginLive(services: Services, id: UploadId): void {
  services.uploads.set(id, Promise.resolve(newLiveUpload(lineOf(services, id))));
}

async function resume(services: Services, upload: Upload): Promise<LiveUpload> {
  const parts = await plannedParts(services.db.read, upload.id);
  const live = newLiveUpload(lineOf(services, upload.id), await receivedBefore(services, upload, parts));
  for (const part of parts) live.copies.add(part.copies);
  if (parts.some((part) => part.send.length > 0)) live.copies.start();
  return live;
}

const lineOf = (services: Services, id: UploadId) =>
  copyLine(services.content.staged(id), async (objectId) => {
    const row = await services.db.read
      .selectFrom('objects')
      .select('key')
      .where('id', '=', objectId)
      .executeTakeFirstOrThrow();
    return row.key;
  });

const newLiveUpload = (copies: CopyLine, received: Iterable<number> = []): LiveUpload => ({
  received: new Set(received),
  copies,
  receiving: new Map(),
  unsynced: 0,
  syncing: undefined,
  completing: undefined,
});
