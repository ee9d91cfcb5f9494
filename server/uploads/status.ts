import { Node } from '../../shared/api/nodes.ts';
import type { ByteRange, UploadStatus } from '../../shared/api/uploads.ts';
import { rangesOf } from '../content/store.ts';
import type { Services } from '../services.ts';
import { type LiveUpload, liveUpload } from './live.ts';
import { type PlannedPart, plannedParts, sentChunks } from './planned.ts';
import { noteBooked } from './recover.ts';
import type { Upload } from './session.ts';

/** How far an upload is. `parts` lists those that the client sends. */
export async function uploadStatus(services: Services, upload: Upload): Promise<UploadStatus> {
  const base = {
    uploadId: upload.id,
    partSize: upload.part_size,
    chunkCount: upload.chunk_count,
    expiresAt: upload.expires_at,
  };
  if (upload.state === 'completed') return { ...base, state: 'completed', parts: [], node: storedResult(upload) };
  const live = await liveUpload(services, upload);
  const parts: UploadStatus['parts'] = [];
  const all = await plannedParts(services.db.read, upload.id);
  await noteBooked(services.db.read, upload, live, all);
  for (const planned of all) {
    const { part, offset, length } = planned;
    const send = [...(await missingOf(services, upload, live, planned))];
    if (planned.send.length > 0) parts.push({ part, offset, length, send, received: live.received.has(part) });
  }
  return { ...base, state: 'open', parts, node: null };
}

/** What a client that asks now has to send of a part. */
async function missingOf(
  services: Services,
  { id }: Upload,
  live: LiveUpload,
  part: PlannedPart,
): Promise<readonly ByteRange[]> {
  const begun = live.begun.get(part.part);
  if (begun === undefined) return part.send;
  return rangesOf((await sentChunks(services.db.read, id, part)).slice(begun));
}

/** The node as it was when the upload completed. */
export const storedResult = (upload: Upload): Node => Node.parse(JSON.parse(upload.result ?? 'null'));
