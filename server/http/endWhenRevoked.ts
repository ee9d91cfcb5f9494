import type { ServerResponse } from 'node:http';
import type { Proof } from '../auth/bearers.ts';
import type { Services } from '../services.ts';

/** How often it is asked, while anybody listens, what another process has taken back, in ms. */
const LOOK_MS = 5_000;

/** Ends the streams of whoever loses access while they are open. Returns what watches one, until its result is called. */
export function endWhenRevoked({ bearers, revocations, log }: Services) {
  const streams = new Map<ServerResponse, Proof>();
  let looking: NodeJS.Timeout | undefined;

  const safely = (work: Promise<void>): void => {
    work.catch((error: unknown) => log.error({ err: error }, 'it is not known whether access was taken back'));
  };
  const check = async (): Promise<void> => {
    for (const [stream, proof] of streams) if (!(await bearers.holds(proof))) stream.end();
  };
  revocations.listen(() => safely(check()));

  return (proof: Proof, stream: ServerResponse): (() => void) => {
    streams.set(stream, proof);
    looking ??= setInterval(() => safely(revocations.look()), LOOK_MS).unref();
    return () => {
      streams.delete(stream);
      if (streams.size > 0) return;
      clearInterval(looking);
      looking = undefined;
    };
  };
}
