import { hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { v7 as uuid } from 'uuid';
import { MANIFEST_MAX_CHUNKS } from '../../shared/api/limits.ts';
import type { Node } from '../../shared/api/nodes.ts';
import type { ByteRange, Part } from '../../shared/api/uploads.ts';
import { type Chunk, contentIdText } from '../../shared/chunking/contentId.ts';
import { ContentId, NodeId, UploadId, type UserId } from '../../shared/ids.ts';
import type { Services } from '../services.ts';
import { completeUpload } from '../uploads/complete.ts';
import { abortUpload } from '../uploads/end.ts';
import { orGiveBack } from '../uploads/giveBack.ts';
import { appendManifest } from '../uploads/manifest.ts';
import { openUpload } from '../uploads/open.ts';
import { receivePart } from '../uploads/parts.ts';
import { chunksOf } from './chunks.ts';
import type { Spooled } from './spool.ts';

export interface IngestPlace {
  readonly parentId: NodeId | null;
  readonly name: string;
  /** Unix ms. */
  readonly mtimeMs: number;
}

/**
 * Makes a new file of a whole body, for clients that know nothing of chunks: the server does what a device does, through
 * the same upload, so quota, disk and names are looked at in the one place. Refused as an upload is.
 */
export async function ingest(services: Services, userId: UserId, body: Spooled, place: IngestPlace): Promise<Node> {
  const uploadId = UploadId.parse(uuid());
  const { path, size } = body;
  const draft = { nodeId: NodeId.parse(uuid()), baseContentRev: null, size, executable: false, ...place };
  await openUpload(services, userId, { uploadId, ...draft });
  const step = <T>(work: () => Promise<T>): Promise<T> => orGiveBack(services, userId, uploadId, work);
  try {
    const all: Chunk[] = [];
    const parts: Part[] = [];
    let from = 0;
    const append = async (last: boolean): Promise<void> => {
      const chunks = all.slice(from).map(([chunk, length]): [Chunk[0], number] => [chunk, length]);
      const answer = await step(() => appendManifest(services, userId, uploadId, { from, chunks, last }));
      from = all.length;
      parts.push(...answer.parts);
    };
    for await (const chunk of chunksOf(path, size)) {
      all.push(chunk);
      if (all.length - from === MANIFEST_MAX_CHUNKS) await append(false);
    }
    await append(true);
    for (const { part, send } of parts) {
      if (send.length === 0) continue;
      const bytes = Readable.from(rangesOf(path, send));
      await step(() => receivePart(services, userId, uploadId, part, { bytes, length: null }));
    }
    const contentId = ContentId.parse(hash('sha256', contentIdText(size, all), 'hex'));
    return await step(() => completeUpload(services, userId, uploadId, contentId));
  } catch (error) {
    await abortUpload(services, userId, uploadId);
    throw error;
  }
}

async function* rangesOf(path: string, ranges: readonly ByteRange[]): AsyncGenerator<Buffer> {
  for (const [start, length] of ranges) yield* createReadStream(path, { start, end: start + length - 1 });
}
