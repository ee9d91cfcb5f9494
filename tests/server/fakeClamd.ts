import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { temporaryFolder } from './harness.ts';

/** What every scanner of these tests takes for a virus. */
export const VIRUS = 'a virus, for a test';

/** Answers like clamd, without its size: its socket, and the streams that it has been asked about. */
export async function fakeClamd(verdict: (bytes: Buffer) => string = asClamd) {
  const socket = join(await temporaryFolder(), 'clamd.sock');
  const scanned: Buffer[] = [];
  const scanner = createServer({ allowHalfOpen: true }, (connection) => {
    const pieces: Buffer[] = [];
    connection.on('data', (piece) => pieces.push(piece));
    connection.on('end', () => {
      const bytes = streamed(Buffer.concat(pieces));
      scanned.push(bytes);
      connection.end(`stream: ${verdict(bytes)}\0`);
    });
  }).listen(socket);
  await once(scanner, 'listening');
  onTestFinished(() => {
    scanner.close();
  });
  return { socket, scanned };
}

/** The bytes between the command and the piece of length 0. */
function streamed(sent: Buffer): Buffer {
  const pieces: Buffer[] = [];
  for (let at = 'zINSTREAM\0'.length; at < sent.length; ) {
    const length = sent.readUInt32BE(at);
    pieces.push(sent.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return Buffer.concat(pieces);
}

const asClamd = (bytes: Buffer): string => (bytes.includes(VIRUS) ? 'Test-Virus FOUND' : 'OK');
