import type { NodeId } from '../../../shared/ids.ts';
import type { Wish, WishResult } from '../../engine/insight/insight.ts';
import type { DeskContext } from '../context.ts';
import type { Handlers, Named } from '../handlers.ts';
import { MESSAGES, mustBeGranted, Refusal } from '../messages.ts';

const HOUR_MS = 3_600_000;

export function syncCommands({
  session,
  library,
  transfers,
  problems,
  changed,
}: DeskContext): Handlers<Named<'sync'> | Named<'transfers'> | Named<'problems'> | 'deletes.decide'> {
  const { engine } = session;
  /** What the server has is renamed there; a name that only this disk knows, here. */
  const renamed = async (node: NodeId | null, path: string, name: string): Promise<WishResult> => {
    if (node === null) return engine.insight.renameUnsynced(path, name);
    const wish: Wish = { id: node, kind: 'move', place: { parentId: library.parentOf(node), name } };
    return (await engine.insight.grant([wish]))[0] ?? { ok: false, why: 'gone' };
  };
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
    'transfers.cancel': ({ id }) => {
      if (!engine.insight.cancel(id)) throw new Refusal('failed', MESSAGES.notNear);
      return null;
    },
    'problems.rename': async ({ id }) => {
      const row = problems.find(id);
      if (row?.kind !== 'name') throw new Refusal('gone', MESSAGES.gone);
      if (row.suggestion === null) throw new Refusal('failed', MESSAGES.noSuggestion);
      const path = row.folder === '' ? row.name : `${row.folder}/${row.name}`;
      mustBeGranted([await renamed(row.node, path, row.suggestion)]);
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
