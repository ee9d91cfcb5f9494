import type { Action } from './actions.ts';
import type { History } from './history.ts';
import { NO_FAULTS } from './network.ts';
import { type Outcome, replay } from './play.ts';

/** Replays at most, and other schedules that each candidate is tried with: a shorter history needs another one to fail. */
const MOST_REPLAYS = 1_500;
const SCHEDULES = 4;

/** The shortest history found that breaks the same rule. */
export async function shrink(failed: Outcome): Promise<Outcome> {
  let best = failed;
  let replays = 0;
  const attempt = async (candidate: History): Promise<boolean> => {
    for (let i = 0; i < SCHEDULES && replays < MOST_REPLAYS; i += 1) {
      replays += 1;
      const outcome = await replay({ ...candidate, seed: best.history.seed + i });
      if (outcome.failure?.rule !== failed.failure?.rule) continue;
      best = outcome;
      return true;
    }
    return false;
  };
  for (let progress = true; progress && replays < MOST_REPLAYS; ) {
    progress = false;
    for (const simpler of settings(best.history)) progress = (await attempt(simpler)) || progress;
    for (let size = Math.ceil(best.history.actions.length / 2); size >= 1; size = Math.floor(size / 2)) {
      for (let at = best.history.actions.length - size; at >= 0; at -= size) {
        const { actions } = best.history;
        progress = (await attempt({ ...best.history, actions: actions.toSpliced(at, size) })) || progress;
      }
    }
    for (let at = 0; at < best.history.actions.length; at += 1) {
      for (const simpler of simplerActions(best.history.actions[at])) {
        if (await attempt({ ...best.history, actions: best.history.actions.with(at, simpler) })) {
          progress = true;
          break;
        }
      }
    }
  }
  return best;
}

function* settings(history: History): Generator<History> {
  if (Object.values(history.faults).some((level) => level > 0)) yield { ...history, faults: NO_FAULTS };
  for (const [fault, level] of Object.entries(history.faults)) {
    if (level > 0) yield { ...history, faults: { ...history.faults, [fault]: 0 } };
  }
  if (history.deaf !== 0) yield { ...history, deaf: 0 };
  if (history.devices.length > 2) {
    for (const { name } of history.devices) {
      yield {
        ...history,
        devices: history.devices.filter((device) => device.name !== name),
        actions: history.actions.filter((action) => !('device' in action) || action.device !== name),
      };
    }
  }
  if (history.devices.some(({ names }) => names !== 'exact')) {
    yield { ...history, devices: history.devices.map((device) => ({ ...device, names: 'exact' })) };
  }
  if (history.grain > 0.05) yield { ...history, grain: 0.05 };
}

function* simplerActions(action: Action | undefined): Generator<Action> {
  if (!action) return;
  if (action.after !== 'quiet') yield { ...action, after: 'quiet' };
  if (action.after !== 0) yield { ...action, after: 0 };
  if (action.do === 'write' && action.size !== undefined) {
    const { size: _, ...small } = action;
    yield small;
  }
}
