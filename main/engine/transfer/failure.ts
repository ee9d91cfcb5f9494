import { isAxiosError, isCancel } from 'axios';
import { Problem } from '../../../shared/api/problem.ts';

/**
 * Why a request did not do what it was made for. problem: the server says so, in its own words · offline: no answer;
 * try again by itself · busy: the server asks to come back later · unauthenticated: the device or token is not known
 * any more, a person must act · cancelled: by the caller's signal · not-driftless: something answered that is no
 * Driftless server · damaged: bytes arrived that are not what was asked for · insecure: plain http to another computer.
 */
export type FailureReason =
  | { readonly kind: 'problem'; readonly problem: Problem }
  | { readonly kind: 'offline'; readonly code: string }
  | { readonly kind: 'busy'; readonly retryAfterMs: number | null }
  | { readonly kind: 'unauthenticated' }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'not-driftless' }
  | { readonly kind: 'damaged' }
  | { readonly kind: 'insecure' };

/** Everything that can go wrong between here and the server. The message is one sentence with a next step. */
export class ServerFailure extends Error {
  readonly reason: FailureReason;

  constructor(reason: FailureReason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ServerFailure';
    this.reason = reason;
  }
}

/** True for a problem of one of these codes. */
export const isProblem = (error: unknown, ...codes: readonly Problem['code'][]): error is ServerFailure =>
  error instanceof ServerFailure && error.reason.kind === 'problem' && codes.includes(error.reason.problem.code);

export const cancelled = (): ServerFailure => new ServerFailure({ kind: 'cancelled' }, 'The transfer was cancelled.');

export const unauthenticated = (
  message = 'The server does not accept this device; connect it again with a new token.',
): ServerFailure => new ServerFailure({ kind: 'unauthenticated' }, message);

export const notDriftless = (what: string, cause?: unknown): ServerFailure =>
  new ServerFailure(
    { kind: 'not-driftless' },
    `What answered is not a Driftless server of this version (${what}); check the server’s address.`,
    { cause },
  );

export const damaged = (): ServerFailure =>
  new ServerFailure(
    { kind: 'damaged' },
    'Bytes arrived damaged and were thrown away; they are fetched again. If this repeats, check the network.',
  );

export const offline = (code: string, cause?: unknown): ServerFailure =>
  new ServerFailure(
    { kind: 'offline', code },
    CERTIFICATES.get(code) ??
      'The server cannot be reached; check its address and the network, it is tried again by itself.',
    { cause },
  );

const CERTIFICATE_OLD =
  'The server’s certificate has expired, or the clock here is wrong; check the clock, or ask whoever runs the server to renew it.';
const CERTIFICATE_OTHER =
  'The server’s certificate is for another name; check the address, or ask whoever runs the server.';
const CERTIFICATE_UNKNOWN =
  'The server’s certificate is not trusted on this computer; ask whoever runs the server for one that is.';

/** What TLS says of a certificate, in words. */
const CERTIFICATES: ReadonlyMap<string, string> = new Map([
  ['CERT_HAS_EXPIRED', CERTIFICATE_OLD],
  ['CERT_NOT_YET_VALID', CERTIFICATE_OLD],
  ['ERR_TLS_CERT_ALTNAME_INVALID', CERTIFICATE_OTHER],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', CERTIFICATE_UNKNOWN],
  ['SELF_SIGNED_CERT_IN_CHAIN', CERTIFICATE_UNKNOWN],
  ['UNABLE_TO_GET_ISSUER_CERT', CERTIFICATE_UNKNOWN],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', CERTIFICATE_UNKNOWN],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', CERTIFICATE_UNKNOWN],
  ['CERT_UNTRUSTED', CERTIFICATE_UNKNOWN],
  ['CERT_REVOKED', CERTIFICATE_UNKNOWN],
]);

/** The certificate is why nothing was said; what it says of it is the message. */
export const isCertificate = (code: string): boolean => CERTIFICATES.has(code);

/** The failure that an exception of a request or of its streamed answer amounts to. */
export function failureOf(error: unknown): ServerFailure {
  if (error instanceof ServerFailure) return error;
  if (isCancel(error)) return cancelled();
  const code = isAxiosError(error) ? error.code : (error as NodeJS.ErrnoException).code;
  // Node's HTTP parser gave up: somebody answers, but speaks something else.
  if (code?.startsWith('HPE_')) return notDriftless('it does not speak HTTP', error);
  return offline(code ?? 'no answer', error);
}

/** The failure that an answer with an error status amounts to. `body` is its text. */
export function failureOfAnswer(status: number, retryAfter: string | undefined, body: string): ServerFailure {
  const problem = problemIn(body);
  if (status === 429 || status === 503 || (status >= 500 && problem === undefined)) {
    const title = problem?.title ?? `The server is busy (status ${status}); this is tried again by itself.`;
    return new ServerFailure({ kind: 'busy', retryAfterMs: retryAfterMs(retryAfter) }, title);
  }
  if (status === 401) return unauthenticated(problem?.title);
  if (problem === undefined) return notDriftless(`status ${status}`);
  return new ServerFailure({ kind: 'problem', problem }, problem.title);
}

function problemIn(body: string): Problem | undefined {
  try {
    return Problem.safeParse(JSON.parse(body)).data;
  } catch {
    return undefined;
  }
}

/** Retry-After is a number of seconds or an HTTP date. */
function retryAfterMs(header: string | undefined): number | null {
  if (header === undefined) return null;
  const ms = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now();
  return Number.isFinite(ms) ? Math.max(0, ms) : null;
}
