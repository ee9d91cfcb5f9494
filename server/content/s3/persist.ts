import { setTimeout } from 'node:timers/promises';
import { Refusal, refuse } from '../../refusal.ts';
import { errorCode } from '../durable.ts';

/** How long a request to a bucket is made again before whoever waits is told to come back later. */
export interface Patience {
  readonly tries: number;
  /** Before the second try, in ms; it doubles from try to try. */
  readonly firstPauseMs: number;
  readonly longestPauseMs: number;
  /** No new try begins after this, in ms. */
  readonly totalMs: number;
}

export const PATIENCE: Patience = { tries: 6, firstPauseMs: 200, longestPauseMs: 4_000, totalMs: 20_000 };

/** Told to the client with the refusal, in s. */
const RETRY_AFTER_S = 10;

/** Makes requests to one bucket again where that can help, and knows whether it has been away just now. */
export class Persistence {
  readonly #patience: Patience;
  readonly #fault: (error: unknown) => void;
  #away = false;

  /** `fault` hears why the bucket did not answer, which clients are not told. */
  constructor(patience: Patience, fault: (error: unknown) => void) {
    this.#patience = patience;
    this.#fault = fault;
  }

  /** The last request has given up: until one gets through, nobody waits for more than one try. */
  get away(): boolean {
    return this.#away;
  }

  /** `work` makes a request from its beginning. Refused as unavailable when none of them has got through. */
  async attempt<T>(work: () => Promise<T>): Promise<T> {
    const { tries, firstPauseMs, longestPauseMs, totalMs } = this.#patience;
    const begun = performance.now();
    const most = this.away ? 1 : tries;
    for (let done = 1; ; done += 1) {
      try {
        const result = await work();
        this.#away = false;
        return result;
      } catch (error) {
        if (!isPassing(error)) throw error;
        const pause = Math.min(firstPauseMs * 2 ** (done - 1), longestPauseMs) * (0.5 + Math.random() / 2);
        if (done >= most || performance.now() - begun + pause > totalMs) {
          this.#away = true;
          this.#fault(error);
          throw bucketAway();
        }
        await setTimeout(pause);
      }
    }
  }
}

const bucketAway = (): Refusal =>
  refuse('unavailable', 'The store of the server does not answer at the moment. Try again in a moment.', {
    retryAfterSeconds: RETRY_AFTER_S,
  });

export const isBucketAway = (error: unknown): boolean =>
  error instanceof Refusal && error.problem.code === 'unavailable' && error.problem.retryAfterSeconds !== undefined;

const PASSING_STATUS: ReadonlySet<number> = new Set([408, 425, 429]);
/** What arrived was not what was sent, or somebody else was at the same thing. */
const PASSING_NAMES: ReadonlySet<string> = new Set([
  ...['BadDigest', 'XAmzContentSHA256Mismatch', 'IncompleteBody', 'RequestTimeout', 'RequestTimeoutException'],
  ...['SlowDown', 'ServiceUnavailable', 'InternalError', 'OperationAborted', 'ConditionalRequestConflict'],
  'TimeoutError',
]);
const PASSING_CODES: ReadonlySet<string | undefined> = new Set([
  ...['ECONNRESET', 'ECONNREFUSED', 'ECONNABORTED', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN'],
  ...['EHOSTUNREACH', 'ENETUNREACH', 'ERR_STREAM_PREMATURE_CLOSE'],
]);

/** Whether the same request may succeed a little later. */
export function isPassing(error: unknown): boolean {
  const status = statusOf(error);
  if (status !== undefined && (status >= 500 || PASSING_STATUS.has(status))) return true;
  if (error instanceof Error && PASSING_NAMES.has(error.name)) return true;
  const code = errorCode(error);
  // An answer that is torn, or not one at all.
  return PASSING_CODES.has(code) || code?.startsWith('HPE_') === true || status === 200;
}

export function statusOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('$metadata' in error)) return undefined;
  const { $metadata } = error;
  if (typeof $metadata !== 'object' || $metadata === null || !('httpStatusCode' in $metadata)) return undefined;
  return typeof $metadata.httpStatusCode === 'number' ? $metadata.httpStatusCode : undefined;
}

/** The object, or the upload, is not there. */
export const isGone = (error: unknown): boolean => statusOf(error) === 404;

export const isNamed = (error: unknown, ...names: readonly string[]): boolean =>
  error instanceof Error && names.includes(error.name);
