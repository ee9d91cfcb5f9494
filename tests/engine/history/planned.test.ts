import fc from 'fast-check';
import { expect, test } from 'vitest';
import { deletedAgain, rewound, type SharedPast } from '../../../main/engine/history/rewind.ts';
import type { RemoteNode } from '../../../main/engine/model.ts';
import type { Operation, OperationKind } from '../../../main/engine/plan/operations.ts';
import type { ContentId } from '../../../shared/ids.ts';
import { expectAgreement } from '../plan/agreement.ts';
import { choices, converge } from '../plan/converge.ts';
import { agreedTrees, type Edit, edits, perform, plant, type Seed } from '../plan/edits.ts';
import { Hands } from '../plan/hands.ts';
import { World } from '../plan/world.ts';

const RUNS = Number(process.env.PLAN_RUNS ?? 600);

interface Story {
  readonly seeds: readonly Seed[];
  /** Agreed on after the copy was made, and lost when it was put back. */
  readonly lost: readonly Edit[];
  /** What others did on the server since it was put back. */
  readonly since: readonly Edit[];
  /** What happened on this disk and was never sent. */
  readonly unsent: readonly Edit[];
  readonly order: number;
  readonly batch: number;
}

const stories = (others: { readonly since: number; readonly unsent: number }): fc.Arbitrary<Story> =>
  fc.record({
    seeds: agreedTrees(),
    lost: edits(['local', 'remote', 'both'], { max: 8 }),
    since: edits(['remote'], { max: others.since }),
    unsent: edits(['local'], { max: others.unsent }),
    order: fc.nat(),
    batch: fc.constantFrom(1, 3, 10),
  });

const check = (arbitrary: fc.Arbitrary<Story>, property: (story: Story) => void): void =>
  fc.assert(fc.property(arbitrary, property), { numRuns: RUNS });

function settle(world: World, { order, batch }: Story): readonly Operation[] {
  return converge(world, { choose: choices(order), batch }).done;
}

interface Restored {
  readonly world: World;
  readonly baseSeq: number;
  /** Paths on disk with their contents, before the server went back. */
  readonly before: ReadonlyMap<string, ContentId | 'folder'>;
}

/** A world whose server went back, up to the moment at which the device has read all of its tree. */
function restored(
  story: Story,
  copy: (world: World) => readonly RemoteNode[] = (world) => world.remote.all(),
): Restored {
  const world = new World();
  const hands = new Hands(world);
  plant(world, hands, story.seeds);
  const rows = copy(world);
  const baseSeq = rows.length > 0 ? world.lastRev : 0;
  for (const edit of story.lost) perform(world, hands, edit);
  settle(world, story);
  const before = pathsOf(world);
  world.putBack(rows, baseSeq);
  for (const edit of story.since) perform(world, hands, edit);
  for (const edit of story.unsent) perform(world, hands, edit);
  return { world, baseSeq, before };
}

function rewind({ world, baseSeq }: Restored): void {
  const shared: SharedPast = { baseSeq, hadContent: () => false, hadPlace: () => false };
  for (const synced of world.synced.all()) {
    const agreed = rewound(synced, world.remote.get(synced.id), shared);
    if (agreed && (baseSeq > 0 || world.local.get(synced.id))) world.synced.put(agreed);
    else world.synced.remove(synced.id);
  }
  for (const deleted of world.deleted.values()) {
    const agreed = deletedAgain(deleted, world.remote.get(deleted.id), shared);
    const isKnown = world.synced.get(deleted.id) ?? world.local.get(deleted.id);
    if (agreed && !isKnown) world.synced.put(agreed);
  }
}

function pathsOf(world: World): ReadonlyMap<string, ContentId | 'folder'> {
  const pathOf = (id: RemoteNode['id'] | null): string => {
    const node = id === null ? undefined : world.local.get(id);
    return node ? `${pathOf(node.parentId)}/${node.name}` : '';
  };
  return new Map(world.local.all().map(({ id }) => [pathOf(id), world.bytes.get(id) ?? 'folder'] as const));
}

const CHANGES_LOCAL: ReadonlySet<OperationKind> = new Set([
  'download',
  'createLocalFolder',
  'moveLocal',
  'parkLocal',
  'setLocalMetadata',
  'deleteLocal',
  'conflictCopy',
]);

test('a server that is only older is brought to what the device has, and nothing changes on its disk', () => {
  check(stories({ since: 0, unsent: 0 }), (story) => {
    const stage = restored(story);
    rewind(stage);
    const done = settle(stage.world, story);
    expect(done.filter(({ kind }) => CHANGES_LOCAL.has(kind))).toEqual([]);
    expectAgreement(stage.world);
    expect(pathsOf(stage.world)).toEqual(stage.before);
  });
});

test('whatever others did since, it ends in agreement and no content of either side is lost', () => {
  check(stories({ since: 6, unsent: 4 }), (story) => {
    const stage = restored(story);
    const { world, baseSeq } = stage;
    const mustStay = new Set<ContentId>();
    for (const synced of world.synced.all()) {
      const here = world.bytes.get(synced.id);
      if (here && synced.contentRev > baseSeq) mustStay.add(here);
    }
    for (const node of world.remote.all()) {
      const isDeleted = world.deleted.get(node.id)?.contentId === node.contentId;
      if (node.state === 'live' && node.contentId && node.contentRev > baseSeq && !isDeleted)
        mustStay.add(node.contentId);
    }
    for (const [id, content] of world.bytes) {
      // Deleted by somebody who had seen exactly this.
      const there = world.remote.get(id);
      if (there?.state === 'trashed' && there.contentId === content) mustStay.delete(content);
    }
    rewind(stage);
    settle(world, story);
    expectAgreement(world);
    const final = new Set(world.bytes.values());
    expect([...mustStay].filter((content) => !final.has(content))).toEqual([]);
  });
});

test('a new, empty server gets everything, and nothing is deleted or changed on the disk', () => {
  check(stories({ since: 0, unsent: 3 }), (story) => {
    const stage = restored(story, () => []);
    const before = pathsOf(stage.world);
    rewind(stage);
    const done = settle(stage.world, story);
    expect(done.filter(({ kind }) => kind === 'deleteLocal' || kind === 'download')).toEqual([]);
    expectAgreement(stage.world);
    expect([...before.values()].sort()).toEqual([...pathsOf(stage.world).values()].sort());
  });
});
