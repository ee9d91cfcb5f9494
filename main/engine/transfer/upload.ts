import PQueue from 'p-queue';
import { MANIFEST_MAX_CHUNKS } from '../../../shared/api/limits.ts';
import type { FileDraft, Node } from '../../../shared/api/nodes.ts';
import type { Part, UploadStatus } from '../../../shared/api/uploads.ts';
import { type Chunk, chunksSize } from '../../../shared/chunking/contentId.ts';
import { type ChunkHash, type ContentId, UploadId } from '../../../shared/ids.ts';
import type { Filesystem } from '../disk/filesystem.ts';
import { FileFailure } from '../hash/fileFailure.ts';
import type { Hasher } from '../hash/hasher.ts';
import { changed } from '../hash/reading.ts';
import { contentIdOf } from '../hash/smallFiles.ts';
import { type DiskStat, sameObservation } from '../model.ts';
import type { Random } from '../ports.ts';
import { cancelled, isProblem, notDriftless, ServerFailure } from './failure.ts';
import { SentFile } from './filePart.ts';
import type { ServerApi } from './server.ts';
import { fits, type StoredUpload, type UploadChange } from './storedUpload.ts';

export type { StoredUpload, UploadChange } from './storedUpload.ts';

export interface LargeUpload {
  readonly api: ServerApi;
  readonly hasher: Hasher;
  readonly fs: Filesystem;
  readonly random: Random;
  readonly path: string;
  readonly draft: FileDraft;
  /** What the file was observed to be; it must still be that. */
  readonly expected: DiskStat;
  /** What was stored when an earlier try ended. */
  readonly resume: StoredUpload | null;
  readonly onStored: (change: UploadChange) => void;
  /** Everything has arrived; what has to be before the server takes it for the file's content. */
  readonly onArrived?: () => Promise<void>;
  readonly signal?: AbortSignal | undefined;
  /** Bytes of the file that the server has by now. */
  readonly onProgress?: (bytes: number) => void;
}

export interface UploadedFile {
  readonly node: Node;
  readonly contentId: ContentId;
  /** Content bytes that went over the wire; the server took the rest from what it had. */
  readonly sentBytes: number;
}

/** Parts of one file on the wire at a time: also what a crash can lose. */
const PARTS_IN_FLIGHT = 3;
/** With so many parts waiting, chunking pauses: a file is not read long before it is sent. */
const PARTS_AHEAD = 24;

/**
 * Uploads a file while it is being chunked, sending only what the server lacks. Rejects with FileFailure (`changed`:
 * look again), or with ServerFailure. After a failure that passes by itself the stored upload stays good, and the next
 * try goes on where this one ended; otherwise `closed` has been stored. After success the caller forgets the stored
 * upload together with recording the result.
 */
export async function uploadLarge(upload: LargeUpload): Promise<UploadedFile> {
  let stored = upload.resume;
  if (stored !== null && !fits(stored, upload.draft, upload.expected)) {
    await abandonUpload(upload.api, stored.uploadId);
    upload.onStored({ type: 'closed', uploadId: stored.uploadId });
    stored = null;
  }
  for (let mayStartOver = true; ; mayStartOver = false) {
    const session = new UploadSession(upload, stored);
    try {
      return await session.run();
    } catch (error) {
      if (upload.signal?.aborted) throw cancelled();
      if (isOver(error)) {
        await abandonUpload(upload.api, session.uploadId);
        upload.onStored({ type: 'closed', uploadId: session.uploadId });
      }
      if (!mayStartOver || !isProblem(error, 'upload-gone', 'upload-mismatch', 'not-found')) throw error;
      stored = null;
    }
  }
}

/** Tells the server that a session is not wanted any more. Does not fail: what stays behind expires by itself. */
export async function abandonUpload(api: ServerApi, uploadId: UploadId): Promise<void> {
  await api.abortUpload(uploadId).catch(() => undefined);
}

/** True when trying again with the same session cannot help. */
function isOver(error: unknown): boolean {
  if (error instanceof FileFailure) return ['changed', 'missing', 'not-a-file'].includes(error.code);
  if (!(error instanceof ServerFailure) || error.reason.kind !== 'problem') return false;
  const { status } = error.reason.problem;
  return status >= 400 && status < 500;
}

/** One session of an upload with the server, new or gone on with. */
class UploadSession {
  readonly uploadId: UploadId;
  readonly #upload: LargeUpload;
  readonly #chunks: Chunk[];
  readonly #resumed: boolean;
  readonly #sending = new PQueue({ concurrency: PARTS_IN_FLIGHT });
  /** Aborted with the first error, which then ends everything else. */
  readonly #failed = new AbortController();
  readonly #signal: AbortSignal;
  readonly #taken = new Set<number>();
  #sentBytes = 0;
  #doneBytes = 0;

  constructor(upload: LargeUpload, stored: StoredUpload | null) {
    this.#upload = upload;
    this.#resumed = stored !== null;
    this.uploadId = stored?.uploadId ?? UploadId.parse(upload.random.nodeId());
    this.#chunks = [...(stored?.chunks ?? [])];
    const { signal } = upload;
    this.#signal = signal ? AbortSignal.any([signal, this.#failed.signal]) : this.#failed.signal;
  }

  async run(): Promise<UploadedFile> {
    const status = await this.#open();
    if (status.state === 'completed') return this.#result(status.node);
    const file = await SentFile.open(this.#upload.fs, this.#upload.path, this.#upload.expected);
    try {
      return this.#result(await this.#send(file, status));
    } catch (error) {
      this.#fail(error);
      await this.#sending.onIdle();
      throw this.#failed.signal.reason;
    } finally {
      await file.close();
    }
  }

  async #open(): Promise<UploadStatus> {
    const { api, draft, expected, onStored, signal } = this.#upload;
    const { uploadId } = this;
    if (this.#resumed) return api.uploadStatus(uploadId, signal);
    onStored({ type: 'opened', uploadId, draft, stat: expected });
    return api.openUpload({ ...draft, uploadId }, signal);
  }

  /** Everything that the server does not have yet; chunking and sending overlap. */
  async #send(file: SentFile, status: UploadStatus): Promise<Node> {
    const { api, hasher, path, draft, expected, onStored, onArrived } = this.#upload;
    const { uploadId } = this;
    for (const part of status.parts) this.#take(file, part, part.received);
    await this.#announceStored(file, status.chunkCount);

    let announced = Promise.resolve();
    const stat = await hasher.chunkFile(path, {
      size: draft.size,
      from: chunksSize(this.#chunks),
      signal: this.#signal,
      onChunks: async (chunks, end) => {
        const from = this.#chunks.length;
        onStored({ type: 'chunked', uploadId, from, chunks });
        this.#chunks.push(...chunks);
        // Chunking goes on while the server looks up what it has; the pieces keep their order.
        announced = announced.then(() => this.#announce(file, from, chunks, end === draft.size));
        announced.catch((error: unknown) => this.#fail(error));
        await this.#sending.onSizeLessThan(PARTS_AHEAD);
      },
    });
    await announced;
    await this.#sending.onIdle();
    this.#signal.throwIfAborted();
    if (!sameObservation(stat, expected)) throw changed(path);
    await file.check();
    const contentId = contentIdOf(draft.size, this.#chunks);
    await onArrived?.();
    onStored({ type: 'completing', uploadId, draft, contentId });
    return api.completeUpload(uploadId, contentId, this.#signal);
  }

  /** Sends what was stored of the manifest, and was perhaps never sent. */
  async #announceStored(file: SentFile, known: number): Promise<void> {
    const { size } = this.#upload.draft;
    const isWhole = chunksSize(this.#chunks) === size;
    for (let from = known; from < this.#chunks.length; from += MANIFEST_MAX_CHUNKS) {
      const piece = this.#chunks.slice(from, from + MANIFEST_MAX_CHUNKS);
      await this.#announce(file, from, piece, isWhole && from + piece.length === this.#chunks.length);
    }
    if (size === 0) await this.#announce(file, 0, [], true);
  }

  async #announce(file: SentFile, from: number, chunks: readonly Chunk[], last: boolean): Promise<void> {
    const piece = { from, chunks: chunks.map(([hash, length]): [ChunkHash, number] => [hash, length]), last };
    const { parts } = await this.#upload.api.appendManifest(this.uploadId, piece, this.#signal);
    for (const part of parts) this.#take(file, part, part.send.length === 0);
  }

  /** The server may name a part again; it is sent once. */
  #take(file: SentFile, part: Part, isDone: boolean): void {
    if (this.#taken.has(part.part)) return;
    this.#taken.add(part.part);
    if (isDone) this.#progress(part.length);
    else this.#sending.add(() => this.#sendPart(file, part)).catch((error: unknown) => this.#fail(error));
  }

  async #sendPart(file: SentFile, { part, length, send }: Part): Promise<void> {
    const body = file.body(send);
    await this.#upload.api.putPart(this.uploadId, part, body, this.#signal);
    this.#sentBytes += body.length;
    this.#progress(length);
  }

  #progress(bytes: number): void {
    this.#doneBytes += bytes;
    this.#upload.onProgress?.(this.#doneBytes);
  }

  /** The first error ends all that is under way. */
  #fail(error: unknown): void {
    this.#failed.abort(error);
    this.#sending.clear();
  }

  #result(node: Node | null): UploadedFile {
    if (!node?.contentId) throw notDriftless('a completed upload without content');
    this.#upload.onProgress?.(this.#upload.draft.size);
    return { node, contentId: node.contentId, sentBytes: this.#sentBytes };
  }
}
