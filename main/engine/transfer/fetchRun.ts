import { MiB } from '../../../shared/bytes.ts';
import type { OpenFile } from '../disk/filesystem.ts';
import { JOB_BYTES } from '../hash/hasher.ts';
import type { ChunkRun, PlacedChunk } from './chunkMap.ts';
import { notDriftless, offline } from './failure.ts';

export interface RunFetch {
  /** The bytes of the run as they arrive. */
  readonly body: AsyncIterable<Buffer>;
  readonly file: OpenFile;
  readonly run: ChunkRun;
  readonly onBytes: (bytes: number) => void;
  /** Chunks that lie in the file now; the next but one call waits for the promise. */
  readonly onWritten: (chunks: readonly PlacedChunk[]) => Promise<void>;
}

/** Arriving pieces are small; they are gathered to this size for one write. */
const WRITE_BYTES = 1 * MiB;

/**
 * Writes a run of chunks to its place in a file, while the next bytes arrive and the last ones are verified. What has
 * arrived before a failure is written and announced too.
 */
export async function fetchRun({ body, file, run, onBytes, onWritten }: RunFetch): Promise<void> {
  const writes = new OneAtATime();
  const checks = new OneAtATime();
  let arrived = run.start;
  let gathered: Buffer[] = [];
  let gatheredFrom = run.start;
  let announced = 0;

  const announce = (end: number, least: number): Promise<void> => {
    let next = announced;
    let bytes = 0;
    for (let chunk = run.chunks[next]; chunk && chunk.offset + chunk.length <= end; chunk = run.chunks[next]) {
      bytes += chunk.length;
      next += 1;
    }
    if (bytes === 0 || bytes < least) return Promise.resolve();
    const chunks = run.chunks.slice(announced, next);
    announced = next;
    return checks.start(() => onWritten(chunks));
  };
  const write = (): Promise<void> => {
    const [buffers, from, end] = [gathered, gatheredFrom, arrived];
    gathered = [];
    gatheredFrom = arrived;
    return writes.start(async () => {
      await writeAll(file, buffers, from);
      for (const buffer of buffers) release(buffer);
      await announce(end, JOB_BYTES);
    });
  };

  try {
    for await (const piece of body) {
      if (arrived + piece.length > run.end) throw notDriftless('more bytes than asked for');
      gathered.push(piece);
      arrived += piece.length;
      onBytes(piece.length);
      if (arrived - gatheredFrom >= WRITE_BYTES) await write();
    }
    if (arrived < run.end) throw offline('the answer was cut short');
  } finally {
    await write();
    await writes.finish();
    await announce(arrived, 0);
    await checks.finish();
  }
}

/** Lets one task run while the caller goes on; starting the next waits for it, and rejects as it did. */
class OneAtATime {
  #running: Promise<void> = Promise.resolve();

  async start(task: () => Promise<void>): Promise<void> {
    await this.#running;
    this.#running = task();
    this.#running.catch(() => undefined);
  }

  finish(): Promise<void> {
    return this.#running;
  }
}

async function writeAll(file: OpenFile, buffers: readonly Buffer[], from: number): Promise<void> {
  let rest = [...buffers];
  for (let offset = from; rest.length > 0; ) {
    let bytesWritten = await file.write(rest, offset);
    offset += bytesWritten;
    rest = rest.flatMap((buffer) => {
      const left = buffer.subarray(Math.min(bytesWritten, buffer.length));
      bytesWritten -= buffer.length - left.length;
      return left.length > 0 ? [left] : [];
    });
  }
}

/**
 * Gives the memory of a piece back at once. Left to the garbage collector, the pieces of a large file make it walk the
 * whole heap a hundred times a GiB, which costs more than receiving them. A piece that does not own its memory alone is
 * left alone.
 */
function release({ buffer, byteLength }: Buffer): void {
  if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) buffer.transfer(0);
}
