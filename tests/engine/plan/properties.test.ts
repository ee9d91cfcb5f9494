import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Operation, OperationKind } from '../../../main/engine/plan/operations.ts';
import type { ContentId, NodeId } from '../../../shared/ids.ts';
import { expectAgreement, expectEachInOnePlace, expectOneOfEach, expectWhole, shownTree } from './agreement.ts';
import { canonical, choices, converge, planOf, wholePlan } from './converge.ts';
import { agreedTrees, type Edit, edits, perform, plant, type Seed } from './edits.ts';
import { Hands } from './hands.ts';
import { World } from './world.ts';

const RUNS = Number(process.env.PLAN_RUNS ?? 1000);

/** Names that no disk takes for one another. */
const DISTINCT = ['a', 'b', 'c', 'd.txt', 'é'];

interface Story {
  readonly seeds: readonly Seed[];
  readonly before: readonly Edit[];
  readonly meanwhile: readonly Edit[];
  readonly order: number;
  readonly batch: number;
}

interface Told {
  readonly sides?: readonly Edit['side'][];
  readonly names?: readonly string[];
  /** Edits go on while the engine works. */
  readonly meanwhile?: boolean;
  /** Some entries are not found for a moment. */
  readonly lose?: boolean;
}

/** A tree that both sides agree on, what then happens to it on either side, and the order of the engine's work. */
function stories({ sides = ['local', 'remote', 'both'], names, meanwhile, lose = false }: Told = {}) {
  const options = { ...(names && { names }), lose };
  return fc.record<Story>({
    seeds: agreedTrees(names),
    before: edits(sides, { max: 9, ...options }),
    meanwhile: meanwhile ? edits(sides, { max: 6, ...options }) : fc.constant([]),
    order: fc.nat(),
    batch: fc.constantFrom(1, 3, 10),
  });
}

interface Stage {
  readonly world: World;
  readonly hands: Hands;
}

function begin({ seeds, before }: Story, records = true): Stage {
  const world = new World(records);
  const hands = new Hands(world);
  plant(world, hands, seeds);
  for (const edit of before) perform(world, hands, edit);
  return { world, hands };
}

const check = (arbitrary: fc.Arbitrary<Story>, property: (story: Story) => void): void =>
  fc.assert(fc.property(arbitrary, property), { numRuns: RUNS });

/** Works until all is agreed; edits that happen meanwhile come between plans, missing entries are given up at the end. */
function settle({ world, hands }: Stage, story: Story, sees?: (planned: Planned) => void): readonly Operation[] {
  const aims = sees !== undefined;
  const choose = choices(story.order);
  const later = [...story.meanwhile];
  const meanwhile = (): void => {
    const edit = choose(2) === 0 ? later.shift() : undefined;
    if (edit) perform(world, hands, edit);
  };
  const run = () =>
    converge(world, { choose, batch: story.batch, aims, meanwhile, check: ({ planned }) => sees?.(planned) }).done;
  const done = [...run()];
  while (hands.giveUp() || later.length > 0) {
    for (const edit of later.splice(0)) perform(world, hands, edit);
    done.push(...run());
  }
  return done;
}

type Planned = Parameters<typeof expectWhole>[0];

describe('from any three trees', () => {
  test('carrying out what is ready, in any order and in any batches, ends in agreement', () => {
    check(stories(), (story) => {
      const stage = begin(story);
      settle(stage, story);
      expectAgreement(stage.world);
    });
  });

  test('it ends in agreement when people go on working meanwhile', () => {
    check(stories({ meanwhile: true, lose: true }), (story) => {
      const stage = begin(story);
      settle(stage, story);
      expectAgreement(stage.world);
    });
  });

  test('it ends in agreement when the engine dies each time before it writes down a result', () => {
    check(stories({ lose: true }), (story) => {
      const stage = begin(story, false);
      settle(stage, story);
      expectAgreement(stage.world);
    });
  });

  test('planning what may have changed keeps the plan that planning everything gives', () => {
    check(stories({ meanwhile: true, lose: true }), (story) => {
      const stage = begin(story);
      settle(stage, story, (planned) => {
        expectWhole(planned, stage.world);
        expectOneOfEach(planned);
      });
    });
  });
});

describe('on the way to agreement', () => {
  test('each node has one place on either side at every moment: in a folder that is there, in no loop, under a name of its own', () => {
    check(stories({ meanwhile: true }), (story) => {
      const stage = begin(story);
      settle(stage, story, () => expectEachInOnePlace(stage.world));
    });
  });

  test.each([['remote'], ['local']] as const)(
    'the order of operations does not change where it ends, when only one side changed: %s',
    (side) => {
      check(stories({ sides: [side], names: DISTINCT }), (story) => {
        const [one, other] = inTwoOrders(story);
        expect(shownTree(other)).toEqual(shownTree(one));
      });
    },
  );

  // Which of two that compete for a name keeps it may depend on who came first, as it does between people.
  test('the order of operations does not change what lives and what is in it, when both sides changed', () => {
    check(stories(), (story) => {
      const [one, other] = inTwoOrders(story);
      expect(livingContents(other)).toEqual(livingContents(one));
    });
  });

  test('the order in which nodes are planned does not change the plan', () => {
    check(stories(), (story) => {
      const { world } = begin(story);
      const backwards = planOf(world, [...world.ids].reverse());
      expect(canonical(backwards)).toEqual(canonical(wholePlan(world)));
    });
  });
});

const CHANGES_REMOTE: ReadonlySet<OperationKind> = new Set([
  'upload',
  'createRemoteFolder',
  'moveRemote',
  'setRemoteMetadata',
  'trashRemote',
]);

const CHANGES_LOCAL: ReadonlySet<OperationKind> = new Set([
  'download',
  'createLocalFolder',
  'moveLocal',
  'parkLocal',
  'setLocalMetadata',
  'deleteLocal',
  'conflictCopy',
]);

/** The same story, worked through in two orders. */
function inTwoOrders(story: Story): readonly [World, World] {
  const [one, other] = [begin(story), begin(story)];
  settle(one, story);
  settle(other, { ...story, order: story.order + 1, batch: 1 });
  return [one.world, other.world];
}

const livingContents = (world: World): ReadonlySet<ContentId | null> =>
  new Set(
    world.remote
      .all()
      .filter(({ state }) => state === 'live')
      .map(({ contentId }) => contentId)
      .sort(),
  );

const WITHOUT_EFFECT: ReadonlySet<OperationKind> = new Set(['agree', 'forget', 'hash', 'rekey']);

describe('from changes on one side', () => {
  test('those of the server change nothing on the server', () => {
    check(stories({ sides: ['remote'] }), (story) => {
      const done = settle(begin(story), story);
      expect(done.filter(({ kind }) => CHANGES_REMOTE.has(kind))).toEqual([]);
    });
  });

  test('those of the disk change nothing on the disk, where no two names differ only in case', () => {
    check(stories({ sides: ['local'], names: DISTINCT }), (story) => {
      const done = settle(begin(story), story);
      expect(done.filter(({ kind }) => CHANGES_LOCAL.has(kind))).toEqual([]);
    });
  });
});

describe('from a state that was lost', () => {
  test('what both sides hold alike is agreed again without a transfer, a move, a delete or a copy', () => {
    check(stories(), (story) => {
      const world = new World();
      const hands = new Hands(world);
      plant(world, hands, story.seeds);
      hands.forgetEverything();
      const done = settle({ world, hands }, { ...story, before: [], meanwhile: [] });
      expectAgreement(world);
      expect(done.filter(({ kind }) => !WITHOUT_EFFECT.has(kind))).toEqual([]);
    });
  });
});

describe('nothing is lost and nothing comes back', () => {
  test('every content that one side had and the other had not agreed to is in the final tree', () => {
    check(stories(), (story) => {
      const stage = begin(story);
      const unshared = contentsNotAgreed(stage.world);
      settle(stage, story);
      const final = new Set(stage.world.bytes.values());
      expect([...unshared].filter((content) => !final.has(content))).toEqual([]);
    });
  });

  test('what one side moved and the other deleted lives on', () => {
    check(stories(), (story) => {
      const stage = begin(story);
      const moved = movedAndDeleted(stage.world);
      // A folder may have become one with another of its name, a file with an equal one.
      const merges = settle(stage, story).flatMap((done) =>
        done.kind === 'rekey' ? [[done.id, done.as] as const] : [],
      );
      const became = new Map(merges);
      expect(moved.filter((id) => !stage.world.liveRemote(became.get(id) ?? id))).toEqual([]);
    });
  });

  test('a file that one side deleted and the other left alone is gone', () => {
    check(stories(), (story) => {
      const stage = begin(story);
      const deleted = deletedAndUnchanged(stage.world);
      settle(stage, story);
      expect(deleted.filter((id) => stage.world.liveRemote(id))).toEqual([]);
    });
  });

  test('only files that both sides edited become conflict copies, each once, and no name says so twice', () => {
    check(stories(), (story) => {
      const stage = begin(story);
      const edited = editedOnBoth(stage.world);
      const copied = settle(stage, story).filter(({ kind }) => kind === 'conflictCopy');
      expect(copied.map(({ id }) => id).sort()).toEqual(edited);
      for (const { name } of stage.world.remote.all()) {
        expect(name).not.toMatch(/\((conflicted copy|case conflict|moving).*\((conflicted copy|case conflict|moving)/);
      }
    });
  });

  test('no name for a moment stays', () => {
    check(stories(), (story) => {
      const stage = begin(story);
      settle(stage, story);
      expect(stage.world.remote.all().filter(({ name }) => name.includes('(moving'))).toEqual([]);
    });
  });
});

function contentsNotAgreed(world: World): ReadonlySet<ContentId> {
  const found = new Set<ContentId>();
  for (const id of world.ids) {
    const agreed = world.synced.get(id)?.contentId;
    for (const content of [world.bytes.get(id), world.liveRemote(id)?.contentId]) {
      if (content && content !== agreed) found.add(content);
    }
  }
  return found;
}

const isMoved = (world: World, side: 'local' | 'remote', id: NodeId): boolean => {
  const now = world[side].get(id);
  const agreed = world.synced.get(id);
  return Boolean(now && agreed && (now.parentId !== agreed.parentId || now.name !== agreed.name));
};

const movedAndDeleted = (world: World): readonly NodeId[] =>
  world.ids.filter(
    (id) =>
      (world.local.get(id) && !world.liveRemote(id) && isMoved(world, 'local', id)) ||
      (world.liveRemote(id) && !world.local.get(id) && isMoved(world, 'remote', id)),
  );

/** Not counting what went along with a folder that was moved on one side and deleted on the other. */
const deletedAndUnchanged = (world: World): readonly NodeId[] =>
  world.ids.filter((id) => {
    const agreed = world.synced.get(id);
    if (agreed?.kind !== 'file') return false;
    const side = world.local.get(id) ? 'local' : 'remote';
    if (side === 'local' ? world.liveRemote(id) : !world.liveRemote(id)) return false;
    const content = side === 'local' ? world.bytes.get(id) : world.liveRemote(id)?.contentId;
    if (content !== agreed.contentId) return false;
    for (let at: NodeId | null = id; at !== null; at = world[side].get(at)?.parentId ?? null) {
      if (isMoved(world, side, at)) return false;
    }
    return true;
  });

const editedOnBoth = (world: World): readonly NodeId[] =>
  world.ids.filter((id) => {
    const [here, there, agreed] = [world.bytes.get(id), world.liveRemote(id)?.contentId, world.synced.get(id)];
    return agreed && here && there && here !== agreed.contentId && there !== agreed.contentId && here !== there;
  });
