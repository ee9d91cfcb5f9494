import { agreed } from '../apply/record.ts';
import type { RemoteNode, SyncedNode } from '../model.ts';
import type { SentChange } from '../store/sentChanges.ts';
import type { State } from '../store/state.ts';

/**
 * Where a row of the server shows a change of this device whose answer never came, that is agreed now: what happened
 * here since then happened on top of it, and is no conflict.
 */
export function settleSent(state: State, row: RemoteNode): void {
  for (const aspect of new Set(state.sent.of(row.id).map((change) => change.aspect))) takeAspect(state, row, aspect);
}

function takeAspect(state: State, row: RemoteNode, aspect: SentChange['aspect']): void {
  const before = state.synced.get(row.id);
  const changes = state.sent.of(row.id).filter((change) => change.aspect === aspect);
  const arrived = changes.findLast((change) => shows(row, change));
  const base = arrived && baseAfter(row, arrived, before);
  if (!base) return;
  state.synced.put(base);
  state.sent.settle(row.id, aspect);
}

function shows(row: RemoteNode, change: SentChange): boolean {
  switch (change.aspect) {
    case 'content':
      return row.contentId === change.contentId;
    case 'place':
      return row.parentId === change.place.parentId && row.name === change.place.name;
    case 'metadata':
      return (
        (change.mtimeMs === null || row.mtimeMs === change.mtimeMs) &&
        (change.executable === null || row.executable === change.executable)
      );
  }
}

/** What disk and server agreed on the moment the change arrived. */
function baseAfter(row: RemoteNode, change: SentChange, before: SyncedNode | undefined): SyncedNode | undefined {
  switch (change.aspect) {
    case 'content': {
      const { contentId, size } = change;
      const place = before ?? change.creates;
      const { mtimeMs, executable } = before ?? row;
      if (!place) return undefined;
      return {
        ...agreed(row, place),
        contentId,
        size,
        mtimeMs: change.mtimeMs ?? mtimeMs,
        executable: change.executable ?? executable,
      };
    }
    case 'place':
      if (before) return { ...before, ...change.place, placeRev: row.placeRev };
      return change.creates ? agreed(row, change.place) : undefined;
    case 'metadata':
      return (
        before && {
          ...before,
          mtimeMs: change.mtimeMs ?? before.mtimeMs,
          executable: change.executable ?? before.executable,
        }
      );
  }
}
