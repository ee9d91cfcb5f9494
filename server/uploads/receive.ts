import { type Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { MiB } from '../../shared/bytes.ts';
import type { PartReceiver } from '../content/store.ts';

/** Bytes gathered for one hand-over; while it is under way at most as much again waits. */
const GATHER_BYTES = MiB;

export interface Received {
  /** Chunks from the first on that were right, and are written. */
  readonly chunks: number;
  /** Why the body ended before its end. */
  readonly lost: { readonly reason: unknown } | null;
}

/**
 * Streams a body to its receiver. Resolves when every byte that came has been taken. Rejects when the disk fails: after
 * the body's end, so that the answer reaches the client.
 */
export async function receive(body: Readable, receiver: PartReceiver, signal: AbortSignal): Promise<Received> {
  let lost: Received['lost'] = null;
  try {
    try {
      await pipeline(body, new Sink(receiver), { signal });
    } catch (reason) {
      lost = { reason };
    }
    return { chunks: await receiver.finish(), lost };
  } finally {
    receiver.drop();
  }
}

class Sink extends Writable {
  readonly #receiver: PartReceiver;

  constructor(receiver: PartReceiver) {
    super({ highWaterMark: GATHER_BYTES, decodeStrings: false });
    this.#receiver = receiver;
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#receiver.take([chunk]).then(() => done(), done);
  }

  override _writev(chunks: { chunk: Buffer; encoding: BufferEncoding }[], done: (error?: Error | null) => void): void {
    this.#receiver.take(chunks.map(({ chunk }) => chunk)).then(() => done(), done);
  }
}
