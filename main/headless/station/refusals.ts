import { MESSAGES, Refusal } from '../../desk/messages.ts';
import { EngineError } from '../../engine/api.ts';
import { isCertificate, ServerFailure } from '../../engine/transfer/failure.ts';
import { Fault } from '../fault.ts';

/** What keeps a choice from being carried out, for the person who made it in the window. `server`: as they know it. */
export function refusalOf(error: unknown, server: string): unknown {
  if (error instanceof Fault) return new Refusal('failed', error.message);
  if (error instanceof EngineError) return new Refusal('failed', ofEngine(error, server));
  if (error instanceof ServerFailure) return new Refusal('failed', ofServer(error, server));
  return error;
}

function ofEngine({ code, message }: EngineError, server: string): string {
  switch (code) {
    case 'token-refused':
      return MESSAGES.signInAgain;
    case 'state-other-account':
      return MESSAGES.otherAccount;
    case 'server-unreachable':
      return MESSAGES.unreachable(server);
    case 'server-not-driftless':
      return MESSAGES.notDriftless(server);
    case 'folder-missing':
    case 'folder-not-writable':
    case 'folder-other-marker':
    case 'state-in-use':
    case 'state-not-writable':
      return message;
  }
}

function ofServer({ reason, message }: ServerFailure, server: string): string {
  switch (reason.kind) {
    case 'offline':
      return isCertificate(reason.code) ? message : MESSAGES.unreachable(server);
    case 'not-driftless':
      return MESSAGES.notDriftless(server);
    case 'problem':
    case 'busy':
    case 'unauthenticated':
    case 'cancelled':
    case 'damaged':
    case 'insecure':
      return message;
  }
}
