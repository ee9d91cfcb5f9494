import type { IncomingMessage, ServerResponse } from 'node:http';
import { release } from '../content/release.ts';
import type { Bytes } from '../content/store.ts';
import { refuse } from '../refusal.ts';

const tooLong = () => refuse('too-large', 'The request is too large. Send it in smaller pieces.');

/** A whole body of at most `limit` bytes. It must say its length: then it is received into one buffer of that size. */
export async function readBody(request: IncomingMessage, limit: number): Promise<Buffer> {
  const length = Number(request.headers['content-length']);
  if (!Number.isSafeInteger(length))
    throw refuse('malformed', 'The request does not say its length. Update the client.');
  if (length > limit) throw tooLong();
  const body = Buffer.allocUnsafeSlow(length);
  let at = 0;
  for await (const piece of request as AsyncIterable<Buffer>) {
    piece.copy(body, at);
    at += piece.length;
    release(piece);
  }
  return body;
}

/**
 * Writes pieces to an answer whose head is written, no faster than they are taken, and ends it. Where the pieces fail
 * the connection is cut: that is how the client learns that it does not have them all.
 */
export async function sendBytes(response: ServerResponse, pieces: Bytes): Promise<void> {
  let gone: () => void = () => undefined;
  const closed = new Promise<void>((resolve) => {
    gone = resolve;
    response.once('close', resolve);
  });
  try {
    for await (const piece of pieces) {
      const taken = new Promise<void>((resolve) => response.write(piece, () => resolve()));
      await Promise.race([taken, closed]);
      if (response.destroyed) return;
    }
    response.end();
  } catch (error) {
    response.destroy();
    throw error;
  } finally {
    response.off('close', gone);
  }
}
