import { closeSync, constants, openSync, writevSync } from 'node:fs';
import { parentPort } from 'node:worker_threads';
import { release } from '../release.ts';
import { ChunkVerifier } from './chunkVerifier.ts';
import type { FromThread, ToThread } from './messages.ts';
import { RangeWriter } from './rangeWriter.ts';

/**
 * The thread that hashes and writes what arrives, so that the serving thread only passes it on. Blocking calls are fine
 * here: whoever sends waits for an answer before sending much more.
 */
interface Open {
  readonly fd: number | null;
  readonly writer: RangeWriter;
}

/** Read and write, made when missing, never truncated: parts arrive in any order. */
const WRITE = constants.O_RDWR | constants.O_CREAT;
/** The kernel takes at most 1,024 pieces in one write. */
const PIECES = 1_000;

const parts = new Map<number, Open>();
const answer = (message: FromThread): void => parentPort?.postMessage(message);

parentPort?.on('message', (message: ToThread) => {
  switch (message.type) {
    case 'open':
      parts.set(message.id, openPart(message));
      return;
    case 'bytes':
      parts.get(message.id)?.writer.take(message.pieces);
      for (const piece of message.pieces) release(piece);
      answer({ type: 'taken', id: message.id });
      return;
    case 'finish': {
      const writer = parts.get(message.id)?.writer;
      close(message.id);
      const fault = writer?.fault === undefined ? null : faultOf(writer.fault);
      answer({ type: 'finished', id: message.id, chunks: writer?.chunks ?? 0, fault });
      return;
    }
    case 'drop':
      close(message.id);
      return;
  }
});

function openPart({ path, ranges, chunks }: Extract<ToThread, { type: 'open' }>): Open {
  const verifier = new ChunkVerifier(chunks);
  try {
    const fd = openSync(path, WRITE, 0o600);
    return { fd, writer: new RangeWriter(ranges, verifier, (pieces, position) => writeAll(fd, pieces, position)) };
  } catch (error) {
    const writer = new RangeWriter(ranges, verifier, () => undefined);
    writer.fault = error;
    return { fd: null, writer };
  }
}

function writeAll(fd: number, pieces: readonly Uint8Array[], position: number): void {
  let at = position;
  let rest = pieces;
  while (rest.length > 0) {
    let skip = writevSync(fd, rest.slice(0, PIECES), at);
    at += skip;
    const left: Uint8Array[] = [];
    for (const piece of rest) {
      if (skip < piece.length) left.push(skip > 0 ? piece.subarray(skip) : piece);
      skip = Math.max(0, skip - piece.length);
    }
    rest = left;
  }
}

function close(id: number): void {
  const fd = parts.get(id)?.fd ?? null;
  parts.delete(id);
  if (fd !== null) closeSync(fd);
}

const faultOf = (error: unknown): { code: string | undefined; message: string } => ({
  code: error instanceof Error && 'code' in error ? String(error.code) : undefined,
  message: error instanceof Error ? error.message : String(error),
});
