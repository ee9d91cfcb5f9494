import { expect } from 'vitest';
import { mtimeMsOf, PARKED, type RemoteNode, type SyncedNode } from '../../../main/engine/model.ts';
import type { Planned } from '../../../main/engine/plan/operations.ts';
import type { ContentId, NodeId } from '../../../shared/ids.ts';
import { canonical, wholePlan } from './converge.ts';
import { slotOf } from './tree.ts';
import type { World } from './world.ts';

interface Shown {
  readonly id: NodeId;
  readonly content: ContentId | null;
}

const sorted = <T extends Shown>(rows: readonly T[]): readonly T[] => [...rows].sort((a, b) => (a.id < b.id ? -1 : 1));

const shown = ({ id, kind, parentId, name, contentId, mtimeMs, executable }: RemoteNode | SyncedNode) => ({
  id,
  kind,
  parentId,
  name,
  content: contentId,
  ...(kind === 'file' && { mtimeMs, executable }),
});

/** Disk, server and memory show the same sound tree, and nothing is left to do. */
export function expectAgreement(world: World): void {
  const local = world.local.all().map(({ id, kind, parentId, name, stat }) => ({
    id,
    kind,
    parentId,
    name,
    content: world.bytes.get(id) ?? null,
    ...(kind === 'file' && { mtimeMs: mtimeMsOf(stat), executable: stat.executable }),
  }));
  const remote = world.remote.all().filter(({ state }) => state === 'live');
  expect(sorted(local)).toEqual(sorted(remote.map(shown)));
  expect(sorted(world.synced.all().map(shown))).toEqual(sorted(remote.map(shown)));
  expectSound(remote);
  expect(wholePlan(world)).toEqual([]);
}

/** Every folder is there, none is inside itself, and no two nodes share a name. */
function expectSound(nodes: readonly RemoteNode[]): void {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  for (const node of nodes) {
    const above = new Set<NodeId>();
    for (let at = node.parentId; at !== null; at = byId.get(at)?.parentId ?? null) {
      expect(byId.get(at)?.kind).toBe('folder');
      expect(above.has(at)).toBe(false);
      above.add(at);
    }
  }
  expect(new Set(nodes.map(slotOf)).size).toBe(nodes.length);
}

/**
 * Both sides are sound trees, whatever else they are: a parked node has left its folder for a moment, and the disk may
 * hold names that differ only in case.
 */
export function expectEachInOnePlace(world: World): void {
  expectSound(world.remote.all().filter(({ state }) => state === 'live'));
  const local = world.local.all();
  const byId = new Map(local.map((node) => [node.id, node]));
  for (const node of local) {
    const above = new Set<NodeId>();
    for (let at = node.parentId; at !== null && at !== PARKED; at = byId.get(at)?.parentId ?? null) {
      expect(byId.get(at)?.kind).toBe('folder');
      expect(above.has(at)).toBe(false);
      above.add(at);
    }
  }
  const present = local.filter(({ missingSince }) => missingSince === null);
  expect(new Set(present.map(({ parentId, name }) => `${parentId ?? ''}/${name}`)).size).toBe(present.length);
}

/** What a person finds on the server: paths with their content and bits. */
export function shownTree(world: World): readonly string[] {
  const path = (at: NodeId | null): string => {
    const node = at === null ? undefined : world.remote.get(at);
    return node ? `${path(node.parentId)}/${node.name}` : '';
  };
  return world.remote
    .all()
    .filter(({ state }) => state === 'live')
    .map(({ id, kind, contentId, executable }) => `${path(id)} ${kind} ${contentId} ${executable}`)
    .sort();
}

/**
 * A plan kept up to date piece by piece is the plan of the whole. Not asked while a node is to take a place that no side
 * shows it at, having been moved on one and renamed on the other, or parked and then deleted: when such a place is given
 * up because it is taken, and becomes free again, it stays given up until something else about the node changes.
 */
export function expectWhole(planned: readonly Planned[], world: World): void {
  if (world.ids.some((id) => isShownNowhere(world, id))) return;
  expect(canonical(planned)).toEqual(canonical(wholePlan(world)));
}

function isShownNowhere(world: World, id: NodeId): boolean {
  const [local, remote, synced] = [world.local.get(id), world.liveRemote(id), world.synced.get(id)];
  if (local?.parentId === PARKED && !remote) return true;
  if (!local || !remote || !synced) return false;
  const [movedHere, renamedHere] = [local.parentId !== synced.parentId, local.name !== synced.name];
  const [movedThere, renamedThere] = [remote.parentId !== synced.parentId, remote.name !== synced.name];
  return (movedHere && renamedThere) || (renamedHere && movedThere);
}

const ON_CONTENT = new Set(['hash', 'upload', 'download', 'conflictCopy']);

/** No node has two operations on its place or two on its content. */
export function expectOneOfEach(planned: readonly Planned[]): void {
  const keys = planned.map(({ operation: { id, kind } }) => `${id} ${ON_CONTENT.has(kind) ? 'content' : 'place'}`);
  expect(new Set(keys).size).toBe(keys.length);
}
