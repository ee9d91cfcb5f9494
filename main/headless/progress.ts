import type { Direction, SyncView } from '../../shared/desktop/view.ts';
import type { Engine, EngineStatus, SyncSummary } from '../engine/api.ts';

/** What counts as one stretch of work: from leaving rest until being at rest again. */
interface Stretch {
  readonly begun: number;
  readonly before: SyncSummary;
  speed: number | null;
  lastAt: number;
  lastBytes: number;
}

export interface Progress {
  /** How things stand; call it on every change, because speed is measured between calls. */
  view(): SyncView;
  /** Keeps what the engine does not: until when it is paused. Unix ms. */
  pausedUntil(at: number | null): void;
}

export interface Times {
  /** Unix ms. */
  now(): number;
  /** Ms that never jump. */
  monotonic(): number;
}

export const realTimes: Times = { now: () => Date.now(), monotonic: () => performance.now() };

/** A time left is worth saying only when it has been measured for so long. */
const SETTLE_MS = 5000;
/** How far back the speed remembers. */
const SPEED_MEMORY_MS = 4000;
/** Between closer readings the difference is noise. */
const SPEED_STEP_MS = 250;

/** Derives from the engine's bare counts what a person wants to know: how much of how much, how fast, how long. */
export function trackProgress(engine: Engine, times: Times = realTimes): Progress {
  let stretch: Stretch | null = null;
  let syncedAt: number | null = null;
  let pauseEnds: number | null = null;

  return {
    view() {
      const status = engine.status();
      const atRest = status.state === 'idle' || status.state === 'waiting';
      if (!atRest && stretch === null) stretch = begin(engine, status, times);
      if (status.state === 'idle') syncedAt = stretch === null ? (syncedAt ?? times.now()) : times.now();
      if (stretch !== null) measure(stretch, status, times);
      const ends = status.state === 'paused' && pauseEnds !== null && pauseEnds > times.now() ? pauseEnds : null;
      const view = viewOf(engine, status, stretch, times, syncedAt, ends);
      if (atRest) stretch = null;
      return view;
    },
    pausedUntil(at) {
      pauseEnds = at;
    },
  };
}

function begin(engine: Engine, status: EngineStatus, times: Times): Stretch {
  const now = times.monotonic();
  return { begun: now, before: engine.summary(), speed: null, lastAt: now, lastBytes: status.bytesDone };
}

function measure(stretch: Stretch, status: EngineStatus, times: Times): void {
  const now = times.monotonic();
  const elapsed = now - stretch.lastAt;
  if (status.state !== 'syncing') {
    stretch.speed = null;
  } else if (elapsed < SPEED_STEP_MS) {
    return;
  } else {
    const speed = (Math.max(0, status.bytesDone - stretch.lastBytes) / elapsed) * 1000;
    const weight = 1 - Math.exp(-elapsed / SPEED_MEMORY_MS);
    stretch.speed = stretch.speed === null ? speed : stretch.speed + weight * (speed - stretch.speed);
  }
  stretch.lastAt = now;
  stretch.lastBytes = status.bytesDone;
}

function viewOf(
  engine: Engine,
  status: EngineStatus,
  stretch: Stretch | null,
  times: Times,
  syncedAt: number | null,
  pausedUntil: number | null,
): SyncView {
  const since = stretch === null ? null : difference(engine.summary(), stretch.before);
  const itemsDone = since?.items ?? 0;
  const speed = stretch?.speed ?? null;
  const settled = stretch !== null && times.monotonic() - stretch.begun >= SETTLE_MS;
  const bytesLeft = Math.max(0, status.bytesTotal - status.bytesDone);
  return {
    state: status.state,
    pending: status.pending,
    problems: status.problems,
    held: engine.held().reduce((sum, { paths }) => sum + paths.length, 0),
    bytesDone: status.bytesDone,
    bytesTotal: status.bytesTotal,
    itemsDone,
    itemsTotal: itemsDone + status.pending,
    direction: since?.direction ?? 'both',
    bytesPerSecond: speed,
    secondsLeft: settled && speed !== null && speed > 0 && bytesLeft > 0 ? bytesLeft / speed : null,
    syncedAt,
    pausedUntil,
    message: status.message,
  };
}

function difference(now: SyncSummary, before: SyncSummary): { items: number; direction: Direction } {
  const up = now.uploaded - before.uploaded;
  const down = now.downloaded - before.downloaded;
  const other = now.moved - before.moved + (now.deleted - before.deleted);
  const sends = up > 0 || now.bytesSent > before.bytesSent;
  const receives = down > 0 || now.bytesReceived > before.bytesReceived;
  return { items: up + down + other, direction: sends === receives ? 'both' : sends ? 'up' : 'down' };
}
