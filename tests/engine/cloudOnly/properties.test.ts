import fc from 'fast-check';
import { describe, test } from 'vitest';
import { expectOneOfEach, expectWhole } from '../plan/agreement.ts';
import { choices, converge } from '../plan/converge.ts';
import { agreedTrees, type Edit, edits, perform, plant, type Seed } from '../plan/edits.ts';
import { Hands } from '../plan/hands.ts';
import { CloudWorld } from './cloudWorld.ts';

const RUNS = Number(process.env.PLAN_RUNS ?? 1000);

interface Story {
  readonly seeds: readonly Seed[];
  readonly before: readonly Edit[];
  readonly meanwhile: readonly Edit[];
  /** Which folders of the server are marked before, and which are marked or unmarked while the engine works. */
  readonly marks: readonly number[];
  readonly changes: readonly number[];
  readonly order: number;
  readonly batch: number;
}

const stories = fc.record<Story>({
  seeds: agreedTrees(),
  before: edits(['local', 'remote', 'both'], { max: 8 }),
  meanwhile: edits(['local', 'remote', 'both'], { max: 6, lose: true }),
  marks: fc.array(fc.nat({ max: 9 }), { minLength: 1, maxLength: 3 }),
  changes: fc.array(fc.nat({ max: 9 }), { maxLength: 2 }),
  order: fc.nat(),
  batch: fc.constantFrom(1, 3, 10),
});

function toggle(world: CloudWorld, choice: number): void {
  const folders = world.remote.all().filter(({ kind, state }) => kind === 'folder' && state === 'live');
  const folder = folders[choice % Math.max(1, folders.length)];
  if (!folder) return;
  if (world.marks.has(folder.id)) world.unmark(folder.id);
  else world.mark(folder.id);
}

type Planned = Parameters<typeof expectWhole>[0];

function settle(story: Story, aims: boolean, sees: (planned: Planned, world: CloudWorld) => void): CloudWorld {
  const world = new CloudWorld();
  const hands = new Hands(world);
  plant(world, hands, story.seeds);
  const marks = [...story.marks];
  for (const edit of story.before) {
    perform(world, hands, edit);
    const mark = edit.flag ? marks.shift() : undefined;
    if (mark !== undefined) toggle(world, mark);
  }
  for (const mark of marks) toggle(world, mark);
  const choose = choices(story.order);
  const edited = [...story.meanwhile];
  const changes = [...story.changes];
  const meanwhile = (): void => {
    if (choose(2) === 0) world.leave();
    const edit = choose(2) === 0 ? edited.shift() : undefined;
    if (edit) perform(world, hands, edit);
    const change = choose(6) === 0 ? changes.shift() : undefined;
    if (change !== undefined) toggle(world, change);
  };
  const run = (): void => {
    converge(world, { choose, batch: story.batch, aims, meanwhile, check: ({ planned }) => sees(planned, world) });
  };
  run();
  for (let left = true; left; ) {
    left = hands.giveUp() || edited.length > 0;
    for (const edit of edited.splice(0)) perform(world, hands, edit);
    run();
    while (world.leave()) left = true;
    if (left) run();
  }
  return world;
}

describe('with any folders left to the server, and any edits on both sides', () => {
  test('nothing on the server alone is touched, and the disk has the rest of it in the end', () => {
    fc.assert(
      fc.property(stories, (story) => {
        settle(story, false, (planned, world) => world.expectSpared(planned)).expectAgreement();
      }),
      { numRuns: RUNS },
    );
  });

  test('planning what may have changed keeps the plan that planning everything gives', () => {
    fc.assert(
      fc.property(stories, (story) => {
        settle(story, true, (planned, world) => {
          expectWhole(planned, world);
          expectOneOfEach(planned);
        });
      }),
      { numRuns: RUNS },
    );
  });
});
