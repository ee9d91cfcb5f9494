import { EventEmitter } from 'node:events';
import type { ClientRequest } from 'node:http';
import { LIMITED_PIECE_BYTES, type RateLimiter } from './rateLimiter.ts';

/** Bytes of a request's body; read again from the beginning when the request has to be repeated. */
export interface BodySource {
  /** Size in bytes, sent as Content-Length. */
  readonly length: number;
  /** The bytes in order. A piece is let go of before the next one is asked for, so its buffer may be used again. */
  pieces(): Iterable<Uint8Array> | AsyncIterable<Uint8Array>;
}

export const bytesBody = (bytes: Uint8Array): BodySource => ({ length: bytes.length, pieces: () => [bytes] });

/**
 * Writes a source to a request piece by piece, each only when the one before has left this process: memory stays flat
 * and `onSent` tells true progress. It has what axios asks of a stream: events, and `pipe`.
 */
export class RequestBody extends EventEmitter {
  readonly #source: BodySource;
  readonly #limiter: RateLimiter;
  readonly #onSent: (bytes: number) => void;
  /** Why the source could not be read, when that is what ended the request. */
  sourceError: unknown;

  constructor(source: BodySource, limiter: RateLimiter, onSent: (bytes: number) => void) {
    super();
    this.#source = source;
    this.#limiter = limiter;
    this.#onSent = onSent;
  }

  pipe(request: ClientRequest): ClientRequest {
    const outcome = new Outcome(request);
    this.#write(request, outcome).then(
      (complete) => {
        if (!complete) return;
        this.emit('end');
        request.end();
      },
      (error: unknown) => {
        this.sourceError = error;
        this.emit('error', error);
      },
    );
    return request;
  }

  /** False when the server answered, or the connection ended, before all was sent. */
  async #write(request: ClientRequest, outcome: Outcome): Promise<boolean> {
    for await (const piece of this.#source.pieces()) {
      for (const slice of this.#slices(piece)) {
        await this.#limiter.take(slice.length);
        if (outcome.over) return false;
        await outcome.orWritten((done) => request.write(slice, done));
        if (outcome.over) return false;
        this.#onSent(slice.length);
      }
    }
    return true;
  }

  #slices(piece: Uint8Array): readonly Uint8Array[] {
    if (!this.#limiter.limited || piece.length <= LIMITED_PIECE_BYTES) return [piece];
    const count = Math.ceil(piece.length / LIMITED_PIECE_BYTES);
    return Array.from({ length: count }, (_, i) =>
      piece.subarray(i * LIMITED_PIECE_BYTES, (i + 1) * LIMITED_PIECE_BYTES),
    );
  }
}

/** Whether a request has been answered or has failed, which ends all writing to it. */
class Outcome {
  over = false;
  #wake: () => void = () => undefined;

  constructor(request: ClientRequest) {
    const end = (): void => {
      this.over = true;
      this.#wake();
    };
    request.once('response', (response) => {
      end();
      // A connection that holds half a body cannot carry another request.
      if (!request.writableEnded) response.once('close', () => request.destroy());
    });
    request.once('close', end);
  }

  /** Resolves when the write is flushed, or will never be. */
  orWritten(write: (done: () => void) => void): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
      write(() => resolve());
    });
  }
}
