import { Node } from '../../shared/api/nodes.ts';
import type { UploadStatus } from '../../shared/api/uploads.ts';
import type { Services } from '../services.ts';
import { liveUpload } from './live.ts';
import { plannedParts } from './planned.ts';
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
  const parts = (await plannedParts(services.db.read, upload.id)).flatMap(({ part, offset, length, send }) =>
    send.length > 0 ? [{ part, offset, length, send, received: live.received.has(part) }] : [],
  );
  return { ...base, state: 'open', parts, node: null };
}

/** The node as it was when the upload completed. */
export const storedResult = (upload: Upload): Node => Node.parse(JSON.parse(upload.result ?? 'null'));
