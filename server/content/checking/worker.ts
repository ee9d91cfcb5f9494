import { closeSync, openSync, readSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { MiB } from '../../../shared/bytes.ts';
import { isMissing } from '../durable.ts';
import { ChunkVerifier } from '../receiving/chunkVerifier.ts';
import type { Check, ExpectedPart } from './messages.ts';

/** The thread that hashes what an earlier run has staged. Nobody else waits for it, so its calls may block. */
const { path, parts } = workerData as Check;
const buffer = Buffer.allocUnsafe(MiB);

parentPort?.postMessage(chunksThere());

function chunksThere(): number[] {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (error) {
    if (isMissing(error)) return parts.map(() => 0);
    throw error;
  }
  try {
    return parts.map((part) => chunksOf(file, part));
  } finally {
    closeSync(file);
  }
}

/** What was never received fails at its first chunk, so a hole costs little. */
function chunksOf(file: number, { ranges, chunks }: ExpectedPart): number {
  const verifier = new ChunkVerifier(chunks);
  for (const [offset, length] of ranges) {
    for (let done = 0; done < length; ) {
      const read = readSync(file, buffer, 0, Math.min(buffer.length, length - done), offset + done);
      verifier.update(buffer.subarray(0, read));
      if (read === 0 || !verifier.sound) return verifier.passed;
      done += read;
    }
  }
  return verifier.passed;
}
