import { getPriority, setPriority } from 'node:os';
import type { Found, FromWorker, Job, ToWorker } from '../found.ts';
import { UNKNOWN } from './kinds.ts';
import { type Look, lookFor } from './look.ts';
import { isOfDisk } from './ofDisk.ts';
import { sniff } from './sniff.ts';

/**
 * The process that looks into what people store. It trusts none of it: the server ends it when it takes too long or too
 * much memory, and starts another. It ends by itself when the server is gone.
 */
const NICENESS = 10;
/** After so many ms no further file of a batch is begun, so that what somebody waits for now comes soon. */
const BATCH_MS = 2_000;

if (getPriority() < NICENESS) setPriority(NICENESS);
const app = (process as { parentPort?: AppPort }).parentPort;
const obey = (message: ToWorker): void => {
  work(message.jobs).then(
    (stuck) => tell({ type: 'rest', stuck }),
    (error: unknown) => {
      throw error;
    },
  );
};
process.on('disconnect', leave);
process.on('message', obey);
app?.on('message', ({ data }) => obey(data as ToWorker));
tell({ type: 'ready' });

/** False when it got to the end, or to the end of its time; true when the disk is in the way. */
async function work(jobs: readonly Job[]): Promise<boolean> {
  const begun = performance.now();
  const later: { readonly job: Job; readonly mime: string; readonly look: Look }[] = [];
  const settled: (readonly [string, Found])[] = [];
  for (const job of jobs) {
    try {
      const sniffed = await sniff(job.path);
      const look = lookFor(sniffed);
      if (typeof look === 'function') later.push({ job, mime: sniffed.mime, look });
      else settled.push([job.objectId, look]);
    } catch (error) {
      settled.push([job.objectId, unreadable(error)]);
    }
  }
  if (settled.length > 0) tell({ type: 'found', found: settled });
  for (const { job, mime, look } of later) {
    if (performance.now() - begun > BATCH_MS) break;
    tell({ type: 'begin', objectId: job.objectId, mime });
    try {
      tell({ type: 'found', found: [[job.objectId, await look(job)]] });
    } catch (error) {
      if (isOfDisk(error)) {
        process.stderr.write(`${String(error)}\n`);
        return true;
      }
      tell({ type: 'found', found: [[job.objectId, { ...unreadable(error), mime }]] });
    }
  }
  return false;
}

/** Its reason would mean nothing to a person; the server's log has it. */
function unreadable(error: unknown): Found {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  return { mime: UNKNOWN, reason: 'The server could not read the stored file.' };
}

/** With what it runs, which is in its group. */
function leave(): void {
  try {
    process.kill(-process.pid, 'SIGKILL');
  } catch {
    process.exit();
  }
}

function tell(message: FromWorker): void {
  if (app) app.postMessage(message);
  else process.send?.(message);
}

/** Inside the desktop app, which starts this process for its server, messages go by the app. */
interface AppPort {
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): void;
  postMessage(message: FromWorker): void;
}
