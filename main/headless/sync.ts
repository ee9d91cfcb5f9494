import { EngineError, type EngineOptions, type EngineStatus } from '../engine/api.ts';
import type { PauseChoices } from '../engine/goodTime.ts';
import { follow } from './follow.ts';
import type { Report } from './report.ts';
import { type CreateEngine, openSession, type Session } from './session.ts';

/** 0 in sync · 1 could not · 2 in sync except for listed problems · 3 deletes wait for a yes. */
export type ExitCode = 0 | 1 | 2 | 3;

export interface SyncRun {
  readonly options: EngineOptions;
  readonly createEngine: CreateEngine;
  readonly report: Report;
  /** Resolves when the person wants it to end. */
  readonly stop: Promise<void>;
  /** Says why it could not, in one sentence. */
  complain(sentence: string): void;
  /** In which surroundings everything waits. */
  readonly pauseOn?: PauseChoices;
  /** How long after its beginning `--once` gives up on a server that cannot be reached, in ms. */
  readonly offlineMs?: number;
}

/** Keeps the folder in sync until asked to stop, or until both sides agree when nothing is watched (`--once`). */
export async function sync(run: SyncRun): Promise<ExitCode> {
  const session = openSession(run.options, run.createEngine);
  if (run.pauseOn) session.engine.pauseOn(run.pauseOn);
  const following = follow(session, run.report);
  const since = performance.now();
  let code: ExitCode;
  try {
    const begun = await firstOf(session.start(), run.stop);
    code = begun === 'stopped' ? stoppedCode(run) : await (run.options.watch ? stay(run) : once(session, run, since));
  } catch (error) {
    following.stop();
    await session.stop();
    if (!(error instanceof EngineError)) throw error;
    run.complain(error.message);
    return 1;
  }
  following.tell();
  following.stop();
  const view = session.view();
  const slow = setTimeout(() => run.report.note('Finishing what is under way; Ctrl-C again stops at once.'), 1000);
  await session.stop();
  clearTimeout(slow);
  run.report.end(session.engine.summary(), view);
  return code;
}

async function stay(run: SyncRun): Promise<ExitCode> {
  await run.stop;
  return stoppedCode(run);
}

/** `since`: when it began; a start that waited for a silent server has done a part of the waiting. */
async function once(session: Session, run: SyncRun, since: number): Promise<ExitCode> {
  const settled = session.engine.settled(session.engine.syncNow());
  const ms = run.offlineMs ?? OFFLINE_MS;
  const offline = offlineFor(session, ms, Math.max(0, since + ms - performance.now()));
  try {
    const outcome = await Promise.race([settled, offline.lasted, run.stop.then(() => 'stopped' as const)]);
    if (outcome === 'stopped') {
      run.complain('Stopped before both sides agreed: run it again to go on.');
      return 1;
    }
    return codeOf(outcome, session, run);
  } finally {
    offline.forget();
  }
}

function codeOf(status: EngineStatus, session: Session, run: SyncRun): ExitCode {
  if (status.state === 'halted' || status.state === 'offline') {
    run.complain(status.message ?? 'The server cannot be reached: check its address and that it is running.');
    return 1;
  }
  if (status.state === 'waiting' || session.engine.held().length > 0) return 3;
  return status.problems > 0 ? 2 : 0;
}

const OFFLINE_MS = 10_000;

/** Only with `--once` is being stopped early a failure. */
const stoppedCode = (run: SyncRun): ExitCode => (run.options.watch ? 0 : 1);

const firstOf = (work: Promise<void>, stop: Promise<void>): Promise<'done' | 'stopped'> =>
  Promise.race([work.then(() => 'done' as const), stop.then(() => 'stopped' as const)]);

/** Resolves once the server has been out of reach for so long without a break; `left` of it if it is from the beginning. */
function offlineFor(session: Session, ms: number, left: number): { lasted: Promise<EngineStatus>; forget(): void } {
  let timer: NodeJS.Timeout | undefined;
  let wait = left;
  let unsubscribe = (): void => {};
  const lasted = new Promise<EngineStatus>((resolve) => {
    const look = (): void => {
      const offline = session.engine.status().state === 'offline';
      if (offline) timer ??= setTimeout(() => resolve(session.engine.status()), wait);
      else {
        clearTimeout(timer);
        timer = undefined;
        wait = ms;
      }
    };
    unsubscribe = session.engine.onChange(look);
    look();
  });
  return {
    lasted,
    forget() {
      clearTimeout(timer);
      unsubscribe();
    },
  };
}
