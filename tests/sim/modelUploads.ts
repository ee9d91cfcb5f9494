import { planParts } from '../../server/uploads/plan.ts';
import { partSizeFor } from '../../shared/api/limits.ts';
import type { Node } from '../../shared/api/nodes.ts';
import type { AppendManifest, ManifestResponse, OpenUpload, Part, UploadStatus } from '../../shared/api/uploads.ts';
import type { Chunk } from '../../shared/chunking/contentId.ts';
import type { ChunkHash, ContentId, UploadId } from '../../shared/ids.ts';
import { contentOf } from './contents.ts';
import { type ModelServer, Refused } from './modelServer.ts';

interface Session {
  readonly draft: OpenUpload;
  state: 'open' | 'completed' | 'gone';
  readonly chunks: Chunk[];
  whole: boolean;
  parts: Part[];
  readonly received: Map<number, Uint8Array>;
  node: Node | null;
}

/** Stands for a content that no file has, as long as the content of an upload is not known. */
const UNKNOWN = '0'.repeat(64) as ContentId;

/** Uploads of large files, as server/uploads takes them. */
export class ModelUploads {
  readonly #server: ModelServer;
  readonly #sessions = new Map<UploadId, Session>();
  readonly #chunks = new Map<ChunkHash, Uint8Array>();

  constructor(server: ModelServer) {
    this.#server = server;
  }

  open(draft: OpenUpload): UploadStatus {
    const known = this.#sessions.get(draft.uploadId);
    if (!known) {
      this.#checkAhead(draft);
      if (this.#server.full) throw new Refused('quota-exceeded');
      const session: Session = {
        draft,
        state: 'open',
        chunks: [],
        whole: false,
        parts: [],
        received: new Map(),
        node: null,
      };
      this.#sessions.set(draft.uploadId, session);
    }
    const session = this.#find(draft.uploadId);
    if (session.draft.nodeId !== draft.nodeId || session.draft.size !== draft.size)
      throw new Refused('upload-mismatch');
    return this.status(draft.uploadId);
  }

  status(id: UploadId): UploadStatus {
    const { draft, chunks, parts, received, state, node } = this.#find(id);
    return {
      uploadId: id,
      state: state === 'completed' ? 'completed' : 'open',
      partSize: partSizeFor(draft.size),
      chunkCount: chunks.length,
      parts: parts.flatMap((part) => (part.send.length > 0 ? [{ ...part, received: received.has(part.part) }] : [])),
      expiresAt: 0,
      node,
    };
  }

  append(id: UploadId, { from, chunks, last }: AppendManifest): ManifestResponse {
    const session = this.#find(id);
    if (session.state === 'completed') return { parts: [] };
    if (from > session.chunks.length) throw new Refused('upload-mismatch');
    for (const [i, [hash, length]] of chunks.entries()) {
      const known = session.chunks[from + i];
      if (known && (known[0] !== hash || known[1] !== length)) throw new Refused('upload-mismatch');
      if (!known && session.whole) throw new Refused('upload-mismatch');
      if (!known) session.chunks.push([hash, length]);
    }
    session.whole ||= last;
    const size = session.chunks.reduce((sum, [, length]) => sum + length, 0);
    if (session.whole ? size !== session.draft.size : size > session.draft.size) throw new Refused('upload-mismatch');
    const planned = planParts(
      session.chunks.map(([hash, length]) => ({
        length,
        source: this.#chunks.has(hash) ? { objectId: hash, position: 0 } : undefined,
      })),
      0,
      partSizeFor(session.draft.size),
      session.whole,
    );
    // What was planned stays, although the server may have more by now.
    session.parts = planned.map(
      (plan, part) => session.parts[part] ?? { part, offset: plan.position, length: plan.length, send: [...plan.send] },
    );
    return { parts: session.parts };
  }

  part(id: UploadId, number: number, bytes: Uint8Array): void {
    const session = this.#find(id);
    if (session.state === 'completed') return;
    const part = session.parts[number];
    if (!part) throw new Refused('upload-mismatch');
    if (bytes.length !== part.send.reduce((sum, [, length]) => sum + length, 0)) throw new Refused('hash-mismatch');
    session.received.set(number, bytes.slice());
  }

  complete(id: UploadId, contentId: ContentId): Node {
    const session = this.#find(id);
    if (session.node) return session.node;
    if (!session.whole) throw new Refused('upload-mismatch');
    this.#server.check({ ...session.draft, contentId });
    const bytes = this.#assemble(session);
    session.node = this.#server.put({ ...session.draft, contentId }, bytes);
    session.state = 'completed';
    let at = 0;
    for (const [hash, length] of contentOf(bytes).chunks) {
      this.#chunks.set(hash, bytes.subarray(at, at + length));
      at += length;
    }
    this.#server.onChange?.();
    return session.node;
  }

  abort(id: UploadId): void {
    const session = this.#sessions.get(id);
    if (!session) throw new Refused('not-found');
    if (session.state === 'open') session.state = 'gone';
  }

  /** The server's process ended: parts that were not durable yet are gone, as far as `isLost` says. */
  crash(isLost: () => boolean): void {
    for (const { received } of this.#sessions.values()) {
      for (const part of [...received.keys()]) if (isLost()) received.delete(part);
    }
  }

  #assemble({ draft, chunks, parts, received }: Session): Uint8Array {
    const bytes = new Uint8Array(draft.size);
    let at = 0;
    for (const [hash, length] of chunks) {
      const known = this.#chunks.get(hash);
      if (known) bytes.set(known, at);
      at += length;
    }
    for (const { part, send } of parts) {
      const body = received.get(part);
      if (!body && send.length > 0) throw new Refused('upload-mismatch');
      let from = 0;
      for (const [offset, length] of send) {
        if (body) bytes.set(body.subarray(from, from + length), offset);
        from += length;
      }
    }
    return bytes;
  }

  #checkAhead(draft: OpenUpload): void {
    try {
      this.#server.check({ ...draft, contentId: UNKNOWN });
    } catch (error) {
      if (!(error instanceof Refused) || error.problem.code !== 'base-changed') throw error;
      const current = this.#server.node(draft.nodeId);
      if (current.state !== 'live' || current.kind !== 'file' || current.size !== draft.size) throw error;
    }
  }

  #find(id: UploadId): Session {
    const session = this.#sessions.get(id);
    if (!session) throw new Refused('not-found');
    if (session.state === 'gone') throw new Refused('upload-gone');
    return session;
  }
}
