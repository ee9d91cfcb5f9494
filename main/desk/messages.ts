import type { Outcome, OutcomeCode } from '../../shared/desktop/commands.ts';
import { DiskError } from '../engine/disk/diskError.ts';
import type { WishResult } from '../engine/insight/insight.ts';
import { isCertificate, ServerFailure } from '../engine/transfer/failure.ts';

/** Every sentence with which a command is refused. One sentence, and what to do next. */
export const MESSAGES = {
  unknown: 'This window asked for something unknown: reload it.',
  malformed: 'This window asked for something that cannot be understood: reload it and try again.',
  notRunning: 'Driftless is still starting: try again in a moment.',
  viewClosed: 'This list is not open any more: open it again.',
  gone: 'It is not there any more: look where it was moved to, or in the trash.',
  changed: 'It was changed at this very moment: look at it again, then repeat what you wanted.',
  notUploaded: 'It is not on the server yet: try again when it has been uploaded.',
  notNear: 'Its turn is still far away: pause it when it is near the top of the list, or pause everything.',
  serverCannot: 'This server is too old for that: ask whoever runs it to update it.',
  notHere: 'Its contents are on the server only: bring its folder back to this computer first.',
  noSuggestion: 'No other name can be proposed for it: rename it in your file manager.',
  offline: 'The server cannot be reached: try again when you are online.',
  badName: (name: string, why: string) => `“${name}” cannot be used, because ${why}: choose another name.`,
  hostCannot: 'That needs the Driftless app: install it, or do it in your file manager.',
  folderChosenAtStart: 'The folder is chosen when Driftless starts: start it again with --folder DIR.',
  oneAtATime: 'The server is being changed already: wait a moment, or leave that first.',
  unreachable: (server: string) =>
    `The server at ${server} cannot be reached: check the address and that it is running.`,
  notDriftless: (server: string) => `What answers at ${server} is not a Driftless server: check the address.`,
  serverTooOld: 'This server is too old to let anybody in from here: ask whoever runs it to update it.',
  noClerk: 'This server has no sign-in page: use a code or a password.',
  signInLeft: 'You did not sign in: try again, or use a code or a password.',
  otherAccount: 'This folder belongs to another account of that server: sign in to that one, or choose another folder.',
  signInAgain: 'The server does not know this device any more: sign in again, your files are all here.',
  proveAgain: 'Your sign-in is a week old: sign in once more when it suits you, sync goes on meanwhile.',
  signedOut: 'You are signed out, and your files stay in the folder: sign in to have them kept the same again.',
  signedOutUntold:
    'You are signed out here, but the server could not be told: take this device off the list on another device.',
  ownAccount: 'The server is this computer, so there is nobody to sign out: connect to another server instead.',
  ignoreNotWritten: (why: string) => `.driftlessignore cannot be written (${why}): check its permissions.`,
  settingsNotWritten: 'Your settings cannot be stored: check that the disk has room and may be written.',
  failed: 'Driftless could not do that: try again, and start it anew if it fails again.',
} as const;

/** A command is refused; the message is for the person. */
export class Refusal extends Error {
  readonly code: OutcomeCode;
  constructor(code: OutcomeCode, message: string) {
    super(message);
    this.name = 'Refusal';
    this.code = code;
  }
}

export const refused = (code: OutcomeCode, message: string): Outcome<never> => ({ ok: false, code, message });

/** What a command that threw amounts to. No other text than ours reaches a person. */
export function outcomeOfError(error: unknown): Outcome<never> {
  if (error instanceof Refusal) return refused(error.code, error.message);
  if (error instanceof DiskError) return refused('failed', error.message);
  if (error instanceof ServerFailure) return ofServer(error);
  return refused('failed', MESSAGES.failed);
}

function ofServer({ reason, message }: ServerFailure): Outcome<never> {
  switch (reason.kind) {
    case 'problem':
      return refused(codeOf(reason.problem.code), message);
    case 'offline':
      // Being online would not help against a certificate that is not trusted.
      return refused('offline', isCertificate(reason.code) ? message : MESSAGES.offline);
    case 'busy':
    case 'cancelled':
    case 'damaged':
    case 'insecure':
    case 'unauthenticated':
      return refused('failed', message);
    case 'not-driftless':
      return refused('failed', MESSAGES.serverCannot);
  }
}

function codeOf(code: string): OutcomeCode {
  if (code === 'not-found') return 'gone';
  if (code === 'name-taken') return 'taken';
  return code === 'quota-exceeded' ? 'quota' : 'failed';
}

/** Throws the first refusal among the results. What went well stays done. */
export function mustBeGranted(results: readonly WishResult[]): void {
  for (const result of results) {
    if (result.ok) continue;
    switch (result.why) {
      case 'gone':
        throw new Refusal('gone', MESSAGES.gone);
      case 'changed':
        throw new Refusal('failed', MESSAGES.changed);
      case 'not-uploaded':
        throw new Refusal('failed', MESSAGES.notUploaded);
      case 'disk':
        throw new Refusal('failed', result.message);
      case 'server':
        throw new Refusal(codeOf(result.problem.code), result.problem.title);
    }
  }
}
