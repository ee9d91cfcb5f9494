import type { DeskContext } from '../context.ts';
import type { Handlers, Named } from '../handlers.ts';
import { MESSAGES, Refusal } from '../messages.ts';

const HOUR_MS = 3_600_000;

export function syncCommands({
  session,
  transfers,
  problems,
  changed,
}: DeskContext): Handlers<Named<'sync'> | Named<'transfers'> | 'problems.rows' | 'problems.held' | 'deletes.decide'> {
  const { engine } = session;
  return {
    'sync.now': () => {
      engine.syncNow();
      return null;
    },
    'sync.pause': ({ until }) => {
      session.pause(until === 'resumed' ? null : until === 'hour' ? HOUR_MS : msUntilTomorrow(Date.now()));
      changed();
      return null;
    },
    'sync.resume': () => {
      session.resume();
      changed();
      return null;
    },
    'transfers.rows': ({ group, from, to }) => transfers.rows(group, from, to),
    'transfers.retry': ({ id }) => {
      engine.insight.retry(id);
      return null;
    },
    'transfers.pause': ({ id, on }) => {
      if (!engine.insight.hold(id, on)) throw new Refusal('failed', MESSAGES.notNear);
      return null;
    },
    'problems.rows': ({ from, to }) => problems.rows(from, to),
    'problems.held': ({ direction, from, to }) => problems.held(direction, from, to),
    'deletes.decide': ({ direction, happen }) => {
      if (happen) engine.approveDeletes(direction);
      else engine.denyDeletes(direction);
      return null;
    },
  };
}

/** Eight in the morning: nobody who says “tomorrow” means midnight. */
function msUntilTomorrow(now: number): number {
  const morning = new Date(now);
  morning.setDate(morning.getDate() + 1);
  return morning.setHours(8, 0, 0, 0) - now;
}
