import type { Lane } from './agenda.ts';
import type { EngineState } from './api.ts';
import { isUpward, patternsArrive } from './apply/patterns.ts';
import type { Parts } from './assemble.ts';
import type { SyncProblem } from './model.ts';

/** What stands in the way of syncing besides what the parts themselves know. */
export interface Hindrance {
  readonly halted: boolean;
  readonly paused: boolean;
}

/** How the parts of an engine stand, in one word. */
export function stateOf(parts: Parts | null, { halted, paused }: Hindrance): EngineState {
  if (halted) return 'halted';
  if (!parts) return 'idle';
  if (paused) return 'paused';
  if (!parts.gate.open) return 'offline';
  if (!hasSeenBoth(parts)) return 'scanning';
  if (isActive(parts) || !parts.state.log.empty) return 'syncing';
  return parts.agenda.holds ? 'waiting' : 'idle';
}

/** Before this, absence means nothing. */
export const hasSeenBoth = ({ disk, server }: Parts): boolean => disk.looked && server.caughtUp;

const isActive = ({ agenda, state }: Parts): boolean => agenda.active || state.local.missingCount > 0;

/** Nothing is known to be different, and nothing is being found out. */
export function isQuiet(parts: Parts): boolean {
  const { state, disk, server, gate, departures } = parts;
  const isLooking = disk.busy || server.busy || departures.busy;
  return gate.open && hasSeenBoth(parts) && !isLooking && state.log.empty && !isActive(parts);
}

/** Changes not agreed yet. */
export const pendingIn = ({ agenda, state }: Parts): number => agenda.pendingCount() + state.local.missingCount;

export function problemsIn({ agenda, state, disk, departures }: Parts): readonly SyncProblem[] {
  const planned = [...agenda.problems()].map(({ id, problem }) => ({ path: state.shownPath(id), ...problem }));
  return [...disk.problems, ...departures.problems, ...planned];
}

/** Whether operations of a lane can begin as the parts stand. */
export function mayStart({ gate, state, agenda }: Parts, lane: Lane): boolean {
  if (lane === 'local' || lane === 'hash') return true;
  return gate.open && !(isUpward(lane) && patternsArrive(state, agenda));
}
