import { createCipheriv, hash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { v7 as uuid } from 'uuid';
import { onTestFinished } from 'vitest';
import type { Clock } from '../../server/clock.ts';
import { type RunningServer, startServer } from '../../server/index.ts';
import type { S3Config } from '../../server/settings/s3.ts';
import type { ChangesPage } from '../../shared/api/changes.ts';
import type { FileDraft, Node, Operation, OperationResult } from '../../shared/api/nodes.ts';
import { frameHead, PACK_MEDIA_TYPE } from '../../shared/api/packs.ts';
import { paths } from '../../shared/api/paths.ts';
import type { Problem } from '../../shared/api/problem.ts';
import type { StorageUsage } from '../../shared/api/storage.ts';
import type { ManifestResponse, Part, UploadStatus } from '../../shared/api/uploads.ts';
import { type Chunk, contentIdText } from '../../shared/chunking/contentId.ts';
import { chunkClassFor, chunkLength } from '../../shared/chunking/fastcdc.ts';
import { ChunkHash, ContentId, NodeId, UploadId } from '../../shared/ids.ts';
import { databaseOf } from './database.ts';
import { testBucket } from './s3/testBucket.ts';

export const newNodeId = (): NodeId => NodeId.parse(uuid());
export const newUploadId = (): UploadId => UploadId.parse(uuid());

/** A folder that is gone after the test. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'driftless-server-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A server with the database of these tests: that of its data folder, wherever that is. */
export const startOn = async (options: Parameters<typeof startServer>[0], clock?: Clock): Promise<RunningServer> =>
  startServer({ database: await databaseOf(options.data), ...options }, clock);

/** A server on a fresh data folder, stopped after the test. */
export async function freshServer(
  options: Partial<Parameters<typeof startServer>[0]> = {},
  clock?: Clock,
): Promise<RunningServer & { data: string }> {
  const data = options.data ?? (await temporaryFolder());
  const server = await startOn({ port: 0, ...(await testedStore(data)), ...options, data }, clock);
  onTestFinished(() => server.close());
  return { ...server, data };
}

/** Servers of tests keep content in a bucket, not on their disk: `DRIFTLESS_TEST_STORE=s3` asks for that. */
export const storedElsewhere: boolean = process.env.DRIFTLESS_TEST_STORE === 's3';

const places = new Map<string, Promise<S3Config>>();

/** Where a server of a test keeps content; the same for the same data folder. */
async function testedStore(data: string): Promise<{ readonly s3?: S3Config }> {
  if (!storedElsewhere) return {};
  const place = places.get(data) ?? testBucket();
  places.set(data, place);
  return { s3: await place };
}

/** A server with one user, and a client that is that user. */
export async function freshUser(options: Partial<Parameters<typeof startServer>[0]> = {}, clock?: Clock) {
  const server = await freshServer(options, clock);
  const user = await server.addUser('kim');
  return { server, user, client: new Client(server.url, user.token) };
}

/** Bytes that no other seed yields, and that do not compress or repeat. */
export function randomBytes(size: number, seed: string): Buffer {
  const key = hash('sha256', seed, 'buffer').subarray(0, 16);
  return createCipheriv('aes-128-ctr', key, Buffer.alloc(16)).update(Buffer.alloc(size));
}

export interface Content {
  readonly bytes: Buffer;
  readonly chunks: Chunk[];
  readonly contentId: ContentId;
}

export function contentOf(bytes: Buffer): Content {
  const chunks: Chunk[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = chunkLength(bytes, at, bytes.length, chunkClassFor(bytes.length));
    chunks.push([ChunkHash.parse(hash('sha256', bytes.subarray(at, at + length), 'hex')), length]);
    at += length;
  }
  return { bytes, chunks, contentId: ContentId.parse(hash('sha256', contentIdText(bytes.length, chunks), 'hex')) };
}

export const text = (words: string): Content => contentOf(Buffer.from(words));

export const draft = (content: Content, name: string, more: Partial<FileDraft> = {}): FileDraft => ({
  nodeId: newNodeId(),
  parentId: null,
  name,
  baseContentRev: null,
  size: content.bytes.length,
  mtimeMs: 1_700_000_000_000,
  executable: false,
  ...more,
});

export interface Answer<T> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: T;
}

/** A request that was refused. */
export class Refused extends Error {
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(`${problem.status} ${problem.code}: ${problem.title}`);
    this.problem = problem;
  }
}

/** The problem's code of a request that must be refused. */
export async function refusal(request: Promise<unknown>): Promise<Problem> {
  try {
    await request;
  } catch (error) {
    if (error instanceof Refused) return error.problem;
    throw error;
  }
  throw new Error('the request was not refused');
}

/** Speaks the API as a device does. */
export class Client {
  readonly url: string;
  readonly token: string;
  /** Bytes of content sent so far. */
  sent = 0;

  constructor(url: string, token: string) {
    this.url = url;
    this.token = token;
  }

  fetch(path: string, init: RequestInit = {}): Promise<Response> {
    return fetch(this.url + path, { ...init, headers: { authorization: `Bearer ${this.token}`, ...init.headers } });
  }

  async json<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await this.fetch(path, {
      method,
      ...(body !== undefined && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    const answer = response.status === 204 ? undefined : await response.json();
    if (!response.ok) throw new Refused(answer as Problem);
    return answer as T;
  }

  async operations(...operations: Operation[]): Promise<OperationResult[]> {
    const { results } = await this.json<{ results: OperationResult[] }>('POST', paths.operations, { operations });
    return results;
  }

  /** One operation that must succeed; returns the row it names. */
  async operate(operation: Operation): Promise<Node> {
    const [result] = await this.operations(operation);
    if (!result?.ok) throw new Refused(result?.problem as Problem);
    return result.nodes[0] as Node;
  }

  createFolder(name: string, parentId: NodeId | null = null, id = newNodeId()): Promise<Node> {
    return this.operate({ type: 'createFolder', id, parentId, name, mtimeMs: 1 });
  }

  moveTo(node: Node, parentId: NodeId | null, name: string): Promise<Node> {
    return this.operate({ type: 'move', moves: [{ id: node.id, parentId, name, placeRev: node.placeRev }] });
  }

  trash(node: Node, seenSeq = Number.MAX_SAFE_INTEGER): Promise<Node> {
    const { id, contentRev, placeRev } = node;
    return this.operate({ type: 'trash', id, contentRev, placeRev, seenSeq });
  }

  async pack(files: readonly { draft: FileDraft; content: Content; bytes?: Buffer }[]): Promise<OperationResult[]> {
    const frames = files.flatMap(({ draft: file, content, bytes }) => [
      frameHead({ ...file, contentId: content.contentId, chunks: content.chunks } as { size: number }),
      bytes ?? content.bytes,
    ]);
    const response = await this.fetch(paths.packUpload, {
      method: 'POST',
      headers: { 'content-type': PACK_MEDIA_TYPE },
      body: Buffer.concat(frames),
    });
    const answer = await response.json();
    if (!response.ok) throw new Refused(answer as Problem);
    return (answer as { results: OperationResult[] }).results;
  }

  /** Stores one small file that must be accepted. */
  async put(name: string, content: Content, more: Partial<FileDraft> = {}): Promise<Node> {
    const [result] = await this.pack([{ draft: draft(content, name, more), content }]);
    if (!result?.ok) throw new Refused(result?.problem as Problem);
    return result.nodes[0] as Node;
  }

  open(uploadId: UploadId, file: FileDraft): Promise<UploadStatus> {
    return this.json('POST', paths.uploads, { uploadId, ...file });
  }

  async manifest(uploadId: UploadId, chunks: readonly Chunk[], piece = 500): Promise<Part[]> {
    const parts: Part[] = [];
    for (let from = 0; from === 0 || from < chunks.length; from += piece) {
      const answer = await this.json<ManifestResponse>('POST', paths.uploadManifest(uploadId), {
        from,
        chunks: chunks.slice(from, from + piece),
        last: from + piece >= chunks.length,
      });
      parts.push(...answer.parts);
    }
    return parts;
  }

  async part(uploadId: UploadId, part: Part, bytes: Buffer): Promise<void> {
    const body = Buffer.concat(part.send.map(([offset, length]) => bytes.subarray(offset, offset + length)));
    const response = await this.fetch(paths.uploadPart(uploadId, part.part), {
      method: 'PUT',
      headers: { 'content-type': 'application/octet-stream' },
      body,
    });
    if (!response.ok) throw new Refused((await response.json()) as Problem);
    this.sent += body.length;
  }

  status(uploadId: UploadId): Promise<UploadStatus> {
    return this.json('GET', paths.upload(uploadId));
  }

  complete(uploadId: UploadId, contentId: ContentId): Promise<Node> {
    return this.json('POST', paths.uploadComplete(uploadId), { contentId });
  }

  /** Uploads a file from open to complete. */
  async upload(name: string, content: Content, more: Partial<FileDraft> = {}): Promise<Node> {
    const uploadId = newUploadId();
    await this.open(uploadId, draft(content, name, more));
    const parts = await this.manifest(uploadId, content.chunks);
    for (const part of parts) if (part.send.length > 0) await this.part(uploadId, part, content.bytes);
    return this.complete(uploadId, content.contentId);
  }

  async download(node: Node, contentId: ContentId | null = node.contentId): Promise<Buffer> {
    const response = await this.fetch(`${paths.content(node.id)}?content=${contentId}`);
    if (!response.ok) throw new Refused((await response.json()) as Problem);
    return Buffer.from(await response.arrayBuffer());
  }

  changes(cursor = '0', limit = 2_000): Promise<ChangesPage> {
    return this.json('GET', `${paths.changes}?cursor=${cursor}&limit=${limit}`);
  }

  node(id: NodeId): Promise<Node> {
    return this.json('GET', paths.node(id));
  }

  usage(): Promise<StorageUsage> {
    return this.json('GET', paths.usage);
  }
}
