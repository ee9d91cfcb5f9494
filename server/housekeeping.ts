import { actingAs } from './audit/actor.ts';
import { sweepSessions } from './auth/devices.ts';
import { sweepAttempts } from './auth/lockout.ts';
import type { Clock } from './clock.ts';
import { sweepLinks } from './links/links.ts';
import { settleAll } from './quarantine/settle.ts';
import { expireKept } from './retention/expire.ts';
import { removeOldStrays } from './retention/strays.ts';
import type { Services } from './services.ts';
import { waitingRoom } from './storage/waiting.ts';
import { sweepUploads } from './uploads/end.ts';
import { sweepBucket } from './uploads/sweepBucket.ts';

const HOUR_MS = 3_600_000;
/** How soon the server does what the command line asks of it, in ms. */
const SOON_MS = 60_000;
/** What another copy has done within so long, in ms, need not be done again. */
const REST_MS = 50 * 60_000;
/** Looking for strays lists every stored file: once in so many rounds is enough. */
const STRAYS_EVERY = 24;

/** What the server does by itself, at its start and then hourly. */
export interface Housekeeping {
  /** Ends when the step at hand has; nothing is begun any more. */
  stop(): Promise<void>;
}

/**
 * Resolves when uploads and sessions that have expired are gone; the rest goes on behind. A step that fails, as on a
 * full disk, is said in the log and made good by the next round.
 */
export async function keepHouse(services: Services, clock: Clock): Promise<Housekeeping> {
  let rounds = 0;
  let stopped = false;
  let running: Promise<void> = Promise.resolve();

  const attempt = async (step: () => Promise<void>): Promise<void> => {
    if (stopped) return;
    await actingAs('the server', step).catch((error: unknown) =>
      services.log.error({ err: error }, 'the hourly cleaning failed'),
    );
  };
  const endSessions = async (): Promise<void> => {
    await attempt(() => sweepUploads(services, clock.now()));
    await attempt(() => sweepBucket(services, clock.now()));
    await attempt(() => sweepSessions(services.db.write, clock.now()));
    await attempt(() => sweepLinks(services.db.write, clock.now()));
    await attempt(() => sweepAttempts(services.db.write, clock.now()));
  };
  const letGo = async (): Promise<void> => {
    await attempt(() => expireKept(services, clock.now(), () => stopped));
    if (rounds % STRAYS_EVERY === 0) await attempt(() => removeOldStrays(services, clock.now(), () => stopped));
    rounds += 1;
  };

  const waiting = waitingRoom(services);
  const settle = async (): Promise<void> => {
    await attempt(() => settleAll(services, clock.now()));
    await attempt(() => waiting.empty(() => stopped));
  };
  const after = (step: () => Promise<void>): Promise<void> => {
    running = running.then(step);
    return running;
  };
  /** One copy of the server at a time does it. */
  const alone = (duty: string, restMs: number, work: () => Promise<void>): Promise<void> =>
    attempt(async () => void (await services.db.copies.alone(duty, restMs, clock.now(), work)));

  /** `ended`: sessions are. */
  const round = (restMs: number, ended: () => void = () => undefined): Promise<void> =>
    alone('housekeeping', restMs, async () => {
      await endSessions();
      ended();
      await letGo();
    }).finally(ended);

  await new Promise<void>((ended) => {
    running = round(0, ended).then(() => alone('quarantine', 0, settle));
  });
  const cancel = [
    clock.every(HOUR_MS, () => after(() => round(REST_MS))),
    clock.every(SOON_MS, () => after(() => alone('quarantine', 0, settle))),
  ];
  return {
    async stop() {
      stopped = true;
      for (const each of cancel) each();
      await running;
    },
  };
}
