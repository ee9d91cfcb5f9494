import type { Action } from './actions.ts';
import { Chance } from './chance.ts';
import { Generator } from './generate.ts';
import type { History, Setting } from './history.ts';
import { type Failure, judge, settle, startAnew } from './settle.ts';
import { World } from './world.ts';

export interface Outcome {
  readonly history: History;
  /** null: every promise was kept. */
  readonly failure: Failure | null;
  readonly steps: number;
}

export type Trace = ((line: string) => void) | null;

/** Plays a history that is chosen while it goes. */
export function explore(setting: Setting, trace: Trace = null): Promise<Outcome> {
  const generator = new Generator(new Chance(setting.history.seed, 'people'), setting);
  return play(setting.history, trace, async (world, actions) => {
    for (let i = 0; i < setting.actions * 2 && actions.length < setting.actions; i += 1) {
      const action = generator.next(world.devices);
      if (!action) continue;
      actions.push(action);
      await world.act(action);
    }
  });
}

/** Plays a history once more. */
export function replay(history: History, trace: Trace = null): Promise<Outcome> {
  const { actions: given, ...rest } = history;
  return play(rest, trace, async (world, actions) => {
    for (const action of given) {
      actions.push(action);
      await world.act(action);
    }
  });
}

async function play(
  rest: Omit<History, 'actions'>,
  trace: Trace,
  goOn: (world: World, actions: Action[]) => Promise<void>,
): Promise<Outcome> {
  const actions: Action[] = [];
  const world = new World(rest, trace);
  let thrown: unknown;
  const onThrown = (error: unknown): void => {
    thrown ??= error ?? new Error('rejected with nothing');
  };
  process.on('unhandledRejection', onThrown);
  process.on('uncaughtException', onThrown);
  try {
    await goOn(world, actions);
    let failure = (await settle(world)) ?? judge(world) ?? (await afterwards(world, rest.seed)) ?? null;
    if (thrown !== undefined) failure = { rule: 'nothing is thrown', what: describe(thrown) };
    return { history: { ...rest, actions }, failure, steps: world.scheduler.steps };
  } finally {
    process.off('unhandledRejection', onThrown);
    process.off('uncaughtException', onThrown);
    world.close();
  }
}

/** What is tried at rest, in some of the histories. */
async function afterwards(world: World, seed: number): Promise<Failure | undefined> {
  if (seed % 4 === 0) return startAnew(world, 'killed');
  return seed % 4 === 1 ? startAnew(world, 'forgetful') : undefined;
}

const describe = (error: unknown): string => (error instanceof Error ? (error.stack ?? error.message) : String(error));
