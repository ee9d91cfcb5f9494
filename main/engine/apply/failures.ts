import type { Problem } from '../../../shared/api/problem.ts';
import { DiskError } from '../disk/diskError.ts';
import { FileFailure, type FileFailureCode } from '../hash/fileFailure.ts';
import { ServerFailure } from '../transfer/failure.ts';
import { ASK_AGAIN, CANCELLED, LOOK_AGAIN, type Outcome } from './outcome.ts';

/**
 * What an attempt that threw amounts to; `shown` is the path as a person knows it. Errors of our own making are not
 * outcomes: they go on up.
 */
export function outcomeOf(error: unknown, shown: string): Outcome {
  if (error instanceof ServerFailure) return ofServer(error);
  if (error instanceof FileFailure) return outcomeOfFile(error.code, shown);
  if (error instanceof DiskError) {
    return {
      type: 'problem',
      code: error.code,
      message: error.message,
      retry: error.code === 'name-refused' || error.code === 'in-the-way' ? 'changed' : 'later',
    };
  }
  throw error;
}

function ofServer(failure: ServerFailure): Outcome {
  const { reason, message } = failure;
  switch (reason.kind) {
    case 'problem':
      return outcomeOfProblem(reason.problem);
    case 'offline':
    case 'not-driftless':
    case 'insecure':
      return { type: 'offline', message, retryAfterMs: null };
    case 'busy':
      return { type: 'offline', message, retryAfterMs: reason.retryAfterMs };
    case 'unauthenticated':
      return { type: 'signed-out' };
    case 'cancelled':
      return CANCELLED;
    case 'damaged':
      return { type: 'problem', code: 'damaged', message, retry: 'later' };
  }
}

/** What follows from the server's refusal of one item. */
export function outcomeOfProblem(problem: Problem): Outcome {
  const { code, title } = problem;
  switch (code) {
    case 'name-taken':
    case 'base-changed':
    case 'changed-inside':
    case 'parent-missing':
    case 'would-loop':
    case 'not-found':
    case 'no-thumbnail':
    case 'upload-gone':
    case 'upload-mismatch':
    case 'cursor-unknown':
    case 'link-gone':
    case 'precondition-failed':
      return ASK_AGAIN;
    case 'hash-mismatch':
      return LOOK_AGAIN;
    case 'too-large':
    case 'type-refused':
    case 'quarantined':
    case 'name-refused':
    case 'malformed':
    case 'forbidden':
    case 'precondition-required':
      return { type: 'problem', code, message: title, retry: 'changed' };
    case 'quota-exceeded':
      return { type: 'problem', code, message: title, retry: 'rarely' };
    case 'disk-full':
    case 'internal':
    case 'too-many-requests':
    case 'unavailable':
      return { type: 'problem', code, message: title, retry: 'later' };
    case 'unauthenticated':
      return { type: 'signed-out' };
  }
}

/** What follows from a local file that could not be read. */
export function outcomeOfFile(code: FileFailureCode, shown: string): Outcome {
  switch (code) {
    case 'changed':
    case 'missing':
    case 'not-a-file':
    case 'too-large':
      return LOOK_AGAIN;
    case 'denied':
      return unreadable(code, `“${shown}” may not be read by Driftless: check its permissions.`);
    case 'busy':
      return unreadable(code, `“${shown}” is in use by another program: close it there, it is tried again by itself.`);
    case 'disk-full':
      return unreadable(
        code,
        `There is no room left on the disk for “${shown}”: free some space and it goes on by itself.`,
      );
    case 'unusable':
      return unreadable(code, `“${shown}” cannot be read: check the disk, it is tried again by itself.`);
  }
}

const unreadable = (code: string, message: string): Outcome => ({ type: 'problem', code, message, retry: 'later' });
