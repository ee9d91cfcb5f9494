import type { Lane } from './agenda.ts';
import type { EngineState } from './api.ts';
import { isUpward, patternsArrive } from './apply/patterns.ts';
import type { Parts } from './assemble.ts';
import type { ListedProblem, SyncProblem } from './model.ts';

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

/** How many `problemsIn` would tell of, without telling. */
export const problemCountIn = ({ agenda, disk, departures }: Parts, except?: string): number =>
  agenda.problemCount(except) + disk.problemCount + departures.problems.length;

/** Those from `from` to `to` (exclusive), in the order of `problemsIn` after the `first` ones; no other is looked at closely. */
export function problemsBetween(
  { agenda, state, disk, departures }: Parts,
  first: readonly SyncProblem[],
  { from, to, except }: { readonly from: number; readonly to: number; readonly except: string },
): readonly ListedProblem[] {
  const fixed = [...first, ...disk.problems, ...departures.problems];
  const found: ListedProblem[] = fixed.slice(from, to).map((problem) => ({ ...problem, id: null }));
  let at = fixed.length;
  for (const { id, problem } of agenda.problems()) {
    if (at >= to) break;
    if (problem.code === except) continue;
    if (at >= from) found.push({ path: state.shownPath(id), ...problem, id });
    at += 1;
  }
  return found;
}

export function problemsIn({ agenda, state, disk, departures }: Parts): readonly SyncProblem[] {
  const planned = [...agenda.problems()].map(({ id, problem }) => ({ path: state.shownPath(id), ...problem }));
  return [...disk.problems, ...departures.problems, ...planned];
}

/** Whether operations of a lane can begin as the parts stand. */
export function mayStart({ gate, state, agenda }: Parts, lane: Lane): boolean {
  if (lane === 'local' || lane === 'hash') return true;
  return gate.open && !(isUpward(lane) && patternsArrive(state, agenda));
}
