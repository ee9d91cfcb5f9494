import { expect } from 'vitest';
import { type Cursor, seqOf } from '../../shared/api/changes.ts';
import { Node, type Operation, type OperationResult } from '../../shared/api/nodes.ts';
import { frameHead } from '../../shared/api/packs.ts';
import { paths } from '../../shared/api/paths.ts';
import type { Problem } from '../../shared/api/problem.ts';
import type { ChunkHash, NodeId, UploadId } from '../../shared/ids.ts';
import { type Client, contentOf, Refused as RealRefusal } from '../server/harness.ts';
import { type FilePut, Refused as ModelRefusal, type ModelServer } from './modelServer.ts';
import type { ModelUploads } from './modelUploads.ts';

/** Rows in a page of the feed, as the model has it. */
const PAGE = 5;

/** What an answer says to a device: the rows, or why not. Sentences are the server's own. */
type Said = { readonly nodes: readonly Node[] } | { readonly refused: string };

const said = (result: OperationResult): Said =>
  result.ok ? { nodes: result.nodes.map((node) => Node.parse(node)) } : { refused: result.problem.code };

async function outcome<T>(work: () => T | Promise<T>): Promise<T | { readonly refused: string }> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof RealRefusal || error instanceof ModelRefusal) return { refused: error.problem.code };
    throw error;
  }
}

/** The server and the simulator's model of it: both are told the same, and must answer the same. */
export class BothServers {
  readonly model: ModelServer;
  readonly #uploads: ModelUploads;
  readonly #real: Client;
  /** The same places in both histories; their nonces are each side's own. */
  readonly #cursors: { readonly model: Cursor; readonly real: Cursor }[] = [{ model: '0', real: '0' }];

  constructor(model: ModelServer, uploads: ModelUploads, real: Client) {
    this.model = model;
    this.#uploads = uploads;
    this.#real = real;
  }

  /** All in one request, as a device sends them. */
  async operate(operations: readonly Operation[]): Promise<void> {
    const real = await this.#real.operations(...operations);
    expect(real.map(said), tell(operations)).toEqual(this.model.operations(operations).map(said));
  }

  async pack(files: readonly { readonly put: FilePut; readonly bytes: Buffer }[]): Promise<void> {
    const contents = files.map(({ put, bytes }) => ({ draft: put, content: contentOf(bytes) }));
    const frames = contents.flatMap(({ draft, content }) => [
      frameHead({ ...draft, contentId: content.contentId, chunks: content.chunks } as { size: number }),
      content.bytes,
    ]);
    const real = await this.#real.pack(contents);
    const model = this.model.packUpload(Buffer.concat(frames));
    expect(real.map(said), tell(files.map(({ put }) => put))).toEqual(model.map(said));
  }

  /** One file by a session of its own. */
  async upload(uploadId: UploadId, put: FilePut, bytes: Buffer): Promise<void> {
    const { chunks, contentId } = contentOf(bytes);
    const listed = chunks.map(([hash, length]): [ChunkHash, number] => [hash, length]);
    const real = await outcome(async () => {
      await this.#real.open(uploadId, put);
      for (const part of await this.#real.manifest(uploadId, chunks)) {
        if (part.send.length > 0) await this.#real.part(uploadId, part, bytes);
      }
      return Node.parse(await this.#real.complete(uploadId, contentId));
    });
    const model = await outcome(() => {
      this.#uploads.open({ uploadId, ...put });
      for (const { part, send } of this.#uploads.append(uploadId, { from: 0, chunks: listed, last: true }).parts) {
        const body = send.map(([offset, length]) => bytes.subarray(offset, offset + length));
        if (send.length > 0) this.#uploads.part(uploadId, part, Buffer.concat(body));
      }
      return Node.parse(this.#uploads.complete(uploadId, contentId));
    });
    expect(real, tell(put)).toEqual(model);
  }

  async askFor(id: NodeId): Promise<void> {
    const real = await outcome(() => this.#real.node(id));
    expect(real).toEqual(await outcome(() => Node.parse(this.model.node(id))));
  }

  async download(id: NodeId, bytes: Buffer): Promise<void> {
    const { contentId } = contentOf(bytes);
    const path = `${paths.content(id)}?content=${contentId}`;
    const real = await outcome(async () => {
      const response = await this.#real.fetch(path);
      if (!response.ok) throw new RealRefusal((await response.json()) as Problem);
      return Buffer.from(await response.arrayBuffer());
    });
    expect(real).toEqual(await outcome(() => Buffer.from(this.model.content(id, contentId))));
  }

  /** Reads the feed to its end from a place that was reached before. */
  async readFeed(from: number): Promise<void> {
    let at = this.#cursors[from % this.#cursors.length];
    while (at) {
      const real = await this.#real.changes(at.real, PAGE);
      const model = this.model.changes(at.model);
      expect(real.nodes).toEqual(model.nodes.map((node) => Node.parse(node)));
      expect(real.caughtUp).toBe(model.caughtUp);
      expect(seqOf(real.cursor)).toBe(seqOf(model.cursor));
      at = { real: real.cursor, model: model.cursor };
      this.#cursors.push(at);
      if (real.caughtUp) return;
    }
  }
}

const tell = (what: unknown): string => JSON.stringify(what);
