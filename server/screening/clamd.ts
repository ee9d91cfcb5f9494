import { connect } from 'node:net';
import type { Bytes } from '../content/store.ts';
import type { ClamdAddress } from '../settings/screening.ts';

export type Verdict =
  | { readonly type: 'clean' }
  | { readonly type: 'infected'; readonly signature: string }
  | { readonly type: 'unscannable'; readonly why: string };

/** clamd cannot be asked: nobody knows what the file is. */
export class ClamdUnreachable extends Error {}

const SILENCE_MS = 60_000;

/** Has clamd look at bytes by its INSTREAM command. Throws ClamdUnreachable. */
export async function scan(at: ClamdAddress, pieces: Bytes): Promise<Verdict> {
  const socket = connect(at);
  let reply = '';
  let fault: Error | undefined;
  socket.setEncoding('utf8').on('data', (text) => {
    reply += text;
  });
  socket.on('error', (error) => {
    fault = error;
  });
  socket.setTimeout(SILENCE_MS, () => socket.destroy(new Error('clamd is silent')));
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  // Pieces are good only until the next is asked for: each is gone before that. clamd may answer, and hang up, earlier.
  const send = (bytes: Uint8Array | string): Promise<void> =>
    Promise.race([closed, new Promise<void>((sent) => socket.write(bytes, () => sent()))]);

  await send('zINSTREAM\0');
  for await (const piece of pieces) {
    if (socket.destroyed || reply !== '') break;
    const length = Buffer.allocUnsafe(4);
    length.writeUInt32BE(piece.length);
    await send(length);
    await send(piece);
  }
  if (!socket.destroyed) socket.end(Buffer.alloc(4));
  await closed;
  if (reply === '') throw new ClamdUnreachable('clamd did not answer', { cause: fault });
  return verdictOf(reply.replaceAll('\0', '').trim());
}

function verdictOf(reply: string): Verdict {
  if (reply === 'stream: OK') return { type: 'clean' };
  const signature = /^stream: (.+) FOUND$/.exec(reply)?.[1];
  return signature === undefined ? { type: 'unscannable', why: reply } : { type: 'infected', signature };
}
