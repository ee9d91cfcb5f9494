import { type Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ByteRange } from '../../shared/api/uploads.ts';
import { KiB } from '../../shared/bytes.ts';
import { release } from '../content/release.ts';
import type { StagedWriter } from '../content/store.ts';
import type { ChunkVerifier } from './verifier.ts';

/** Bytes gathered for one write; while it is under way at most as much again waits. */
const GATHER_BYTES = 512 * KiB;

/**
 * Streams a body into the ranges it is made of, one after the other, holding it against its chunks. Resolves when every
 * byte has been written; whether they were the right ones is the verifier's word. Rejects when the connection is lost,
 * and when the disk fails: then after the body's end, so that the answer reaches the client.
 */
export async function receive(
  body: Readable,
  writer: StagedWriter,
  ranges: readonly ByteRange[],
  verifier: ChunkVerifier,
  signal: AbortSignal,
): Promise<void> {
  const sink = new RangeSink(writer, ranges, verifier);
  await pipeline(body, sink, { signal });
  if (sink.fault !== undefined) throw sink.fault;
}

class RangeSink extends Writable {
  readonly #writer: StagedWriter;
  readonly #ranges: readonly ByteRange[];
  readonly #verifier: ChunkVerifier;
  /** What the disk said; nothing is written any more. */
  fault: unknown;
  #range = 0;
  #within = 0;

  constructor(writer: StagedWriter, ranges: readonly ByteRange[], verifier: ChunkVerifier) {
    super({ highWaterMark: GATHER_BYTES, decodeStrings: false });
    this.#writer = writer;
    this.#ranges = ranges;
    this.#verifier = verifier;
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#take([chunk]).then(() => done(), done);
  }

  override _writev(chunks: { chunk: Buffer; encoding: BufferEncoding }[], done: (error?: Error | null) => void): void {
    this.#take(chunks.map(({ chunk }) => chunk)).then(() => done(), done);
  }

  /** Hashes while the disk writes. What comes after a fault or a wrong chunk is only passed over. */
  async #take(buffers: readonly Buffer[]): Promise<void> {
    if (this.#verifier.sound && this.fault === undefined) {
      const written = this.#write(buffers).catch((error: unknown) => {
        this.fault = error;
      });
      for (const buffer of buffers) this.#verifier.update(buffer);
      await written;
    }
    for (const buffer of buffers) release(buffer);
  }

  async #write(buffers: readonly Buffer[]): Promise<void> {
    let rest = buffers;
    while (rest.length > 0) {
      const range = this.#ranges[this.#range];
      if (!range) return;
      const [position, length] = range;
      const { taken, left } = split(rest, length - this.#within);
      const at = position + this.#within;
      this.#within += bytesIn(taken);
      if (this.#within === length) {
        this.#range += 1;
        this.#within = 0;
      }
      rest = left;
      await this.#writer.write(taken, at);
    }
  }
}

const bytesIn = (buffers: readonly Buffer[]): number => buffers.reduce((sum, buffer) => sum + buffer.length, 0);

/** The first `bytes` bytes, and what comes after them. */
function split(buffers: readonly Buffer[], bytes: number): { taken: readonly Buffer[]; left: readonly Buffer[] } {
  let before = 0;
  for (const [i, buffer] of buffers.entries()) {
    const room = bytes - before;
    if (buffer.length >= room) {
      const left = buffer.length === room ? buffers.slice(i + 1) : [buffer.subarray(room), ...buffers.slice(i + 1)];
      return { taken: [...buffers.slice(0, i), buffer.subarray(0, room)], left };
    }
    before += buffer.length;
  }
  return { taken: buffers, left: [] };
}
